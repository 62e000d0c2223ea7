"""Options that every command takes, before or after its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from jsft_tui import __version__
from jsft_tui.core.common.errors import usage

if TYPE_CHECKING:
    from jsft_tui.services.session.open import SessionFactory

F = TypeVar("F", bound=Callable[..., Any])


class OpenTui(Protocol):
    """Opens the full-screen interface; returns the exit code."""

    def __call__(self, session_factory: SessionFactory, *, demo: bool) -> int:
        """Open it, for the demo with a draft that is ready."""
        ...


CheckKeys = Callable[[Mapping[str, str], Path], None]
"""Looks at the keys of the full-screen interface in a settings file; raises a Problem that says what is wrong."""


@dataclass
class GlobalOptions:
    """What was said so far; later words win over earlier ones.

    `open_tui` and `check_keys` are given by whoever starts the program: the command line knows no other face.
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
    """Give a command (or the group) the options that every command takes."""
    options = (
        click.option("--profile", metavar="NAME", help="AWS profile.", **_keep("profile")),
        click.option("--region", metavar="REGION", help="AWS region.", **_keep("region")),
        click.option("--sandbox", is_flag=True, help="Use the sandbox on this machine.", **_keep("sandbox")),
        click.option("--read-only", is_flag=True, help="Refuse every writing call.", **_keep("read_only")),
        click.option(
            "--config",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="Settings file to use.",
            **_keep("config"),
        ),
        click.option("--json", is_flag=True, help="One JSON document on stdout.", **_keep("json")),
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
    """Give a command `--set NAME=VALUE`."""
    option = click.option(
        "--set", "settings", metavar="NAME=VALUE", multiple=True, help="A hyperparameter; may stand repeatedly."
    )
    return option(command)


def setting(text: str) -> tuple[str, str]:
    """A name and a value as `--set` takes them.

    Raises:
        Problem: there is no `=` (code `BadUsage`).
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise usage("BadUsage", f"--set takes NAME=VALUE, not {text!r}.", "For example: --set epochs=10")
    return name.strip(), value.strip()
