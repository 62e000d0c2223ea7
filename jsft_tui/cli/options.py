"""Options that every command accepts, before or after its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from jsft_tui import __version__
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import did_you_mean

if TYPE_CHECKING:
    import click

    from jsft_tui.core.common.aws_status import EndingStatus
    from jsft_tui.services.session.open import SessionFactory

F = TypeVar("F", bound=Callable[..., Any])
S = TypeVar("S", bound="EndingStatus")


class OpenTui(Protocol):
    """Start the TUI and return the exit code."""

    def __call__(self, session_factory: SessionFactory, *, demo: bool) -> int:
        """Start it; `demo` with the demo's draft."""
        ...


CheckKeys = Callable[[Mapping[str, str], Path], None]
"""Checks the TUI keys of a settings file; raises a Problem when they are invalid."""


@dataclass
class GlobalOptions:
    """The options given so far; later ones win over earlier ones.

    `open_tui` and `check_keys` come from the entry point of the program, because the CLI does not import the TUI.
    """

    profile: str | None = None
    region: str | None = None
    sandbox: bool = False
    read_only: bool = False
    config: Path | None = None
    json: bool = False
    open_tui: OpenTui | None = None
    check_keys: CheckKeys | None = None


def global_options(command: F) -> F:
    """Add the options that every command accepts."""
    import click  # the full-screen interface needs the options, and not click

    from jsft_tui.cli.named_path import NamedPath

    options = (
        click.option("--profile", metavar="NAME", help="AWS profile.", **_keep("profile")),
        click.option("--region", metavar="REGION", help="AWS region.", **_keep("region")),
        click.option("--sandbox", is_flag=True, help="Use the local sandbox.", **_keep("sandbox")),
        click.option("--read-only", is_flag=True, help="Refuse every call that writes.", **_keep("read_only")),
        click.option(
            "--config",
            metavar="FILE",
            type=NamedPath(),
            help="Settings file to use.",
            **_keep("config"),
        ),
        click.option("--json", is_flag=True, help="Print one JSON document on stdout.", **_keep("json")),
        click.version_option(__version__, prog_name="jsft", message="%(prog)s %(version)s"),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _keep(name: str) -> dict[str, Any]:
    def callback(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        del parameter
        if value:
            setattr(context.ensure_object(GlobalOptions), name, value)

    return {"expose_value": False, "callback": callback}


def settings_option(command: F) -> F:
    """Add the option `--set NAME=VALUE`."""
    import click

    option = click.option(
        "--set", "settings", metavar="NAME=VALUE", multiple=True, help="Set a hyperparameter; can be repeated."
    )
    return option(command)


def setting(text: str) -> tuple[str, str]:
    """Parse a name and a value of `--set`.

    Raises:
        Problem: there is no `=` (code `BadUsage`).
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise usage("BadUsage", f"--set takes NAME=VALUE, not {text!r}.", "For example: --set epochs=10")
    return name.strip(), value.strip()


def parse_status(kind: type[S], name: str | None) -> S | None:
    """Parse the value of `--status`, in any case and with or without dashes; None for none.

    Raises:
        Problem: there is no such status (code `UnknownStatus`).
    """
    if name is None:
        return None
    known = {status.value.lower(): status for status in kind if status.value != "Unknown"}
    status = known.get(name.lower().replace("-", "").replace("_", ""))
    if status is None:
        names = [found.value for found in known.values()]
        hint = did_you_mean(name, names) or f"Known: {', '.join(names)}."
        raise usage("UnknownStatus", f"there is no status {name!r}.", hint)
    return status
