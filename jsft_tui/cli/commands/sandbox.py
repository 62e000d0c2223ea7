"""`jsft sandbox start|stop|status|reset|env`."""

from __future__ import annotations

import shlex
import sys

import click

from jsft_tui.cli.context import options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import print_json, say
from jsft_tui.cli.prompts import agrees
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.paths import Paths
from jsft_tui.services.target.sandbox import Sandbox, SandboxInfo, environment_of


@click.group()
@global_options
def sandbox() -> None:
    """An AWS-compatible server on this machine, with training jobs that really run."""


def _sandbox() -> Sandbox:
    return Sandbox(Paths.from_environment().sandbox)


def _status_document(found: Sandbox, info: SandboxInfo | None) -> dict[str, object]:
    return {
        "running": info is not None,
        "endpoint": info.endpoint if info else None,
        "region": info.region if info else None,
        "pid": info.pid if info else None,
        "state_dir": str(found.folder),
    }


def _report(context: click.Context, found: Sandbox, info: SandboxInfo | None, sentence: str) -> None:
    if options_of(context).json:
        print_json(_status_document(found, info))
    else:
        click.echo(sentence)


@sandbox.command()
@global_options
@click.pass_context
def start(context: click.Context) -> None:
    """Start it (it stays when this terminal closes)."""
    found = _sandbox()
    region = options_of(context).region
    info = found.ensure(region)
    if region and region != info.region:
        raise usage("SandboxRegion", f"the sandbox runs in {info.region}.", "Stop it first: jsft sandbox stop")
    _report(context, found, info, f"The sandbox runs at {info.endpoint} ({info.region}).")


@sandbox.command()
@global_options
@click.pass_context
def stop(context: click.Context) -> None:
    """Stop it; what it keeps stays, running jobs fail and say why."""
    found = _sandbox()
    stopped = found.stop()
    _report(context, found, None, "The sandbox is stopped." if stopped else "The sandbox was not running.")


@sandbox.command()
@global_options
@click.pass_context
def status(context: click.Context) -> None:
    """Whether it runs, and where."""
    found = _sandbox()
    info = found.running()
    sentence = f"Running at {info.endpoint} ({info.region}), pid {info.pid}." if info else "Not running."
    _report(context, found, info, f"{sentence} State: {found.folder}")


@sandbox.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@global_options
@click.pass_context
def reset(context: click.Context, yes: bool) -> None:
    """Throw away all that it keeps: buckets, jobs, logs, keys."""
    if not yes:
        if not sys.stdin.isatty():
            raise usage("NotConfirmed", "reset asks for confirmation, and there is nobody to ask.", "Add --yes.")
        if not agrees("Throw away everything in the sandbox?", "Nothing was thrown away."):
            return
    found = _sandbox()
    found.reset()
    _report(context, found, None, "The sandbox is empty; the next start plants it anew.")


@sandbox.command()
@global_options
@click.pass_context
def env(context: click.Context) -> None:
    """Print lines that make the AWS CLI and any SDK use it: eval "$(jsft sandbox env)"."""
    info = _sandbox().running()
    if info is None:
        raise Problem("SandboxNotRunning", "the sandbox is not running.", "Start it: jsft sandbox start")
    variables = environment_of(info)
    if options_of(context).json:
        print_json(variables)
        return
    for name, value in variables.items():
        click.echo(f"export {name}={shlex.quote(value)}")
    if sys.stdout.isatty():
        say('Use it like this: eval "$(jsft sandbox env)"')


COMMANDS = {"sandbox": sandbox}
