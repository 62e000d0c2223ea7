"""`jsft sandbox`."""

from __future__ import annotations

import shlex
import sys

import click

from jsft_tui.cli.console.output import out, print_json, say
from jsft_tui.cli.console.prompts import confirm, require_person
from jsft_tui.cli.console.streams import is_terminal
from jsft_tui.cli.context import options_of
from jsft_tui.cli.options import global_options
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.paths import Paths
from jsft_tui.services.target.sandbox import Sandbox, SandboxInfo, environment_of


@click.group("sandbox")
@global_options
def command() -> None:
    """Manage the local sandbox: an AWS-compatible server.

    Its training jobs really run, on this machine.
    """


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
        out(sentence)


@command.command()
@global_options
@click.pass_context
def start(context: click.Context) -> None:
    """Start the sandbox; it keeps running when this terminal closes."""
    found = _sandbox()
    region = options_of(context).region
    info = found.ensure(region)
    if region and region != info.region:
        raise usage("SandboxRegion", f"the sandbox is running in {info.region}.", "Stop it first: jsft sandbox stop")
    _report(context, found, info, f"The sandbox is running at {info.endpoint} ({info.region}).")


@command.command()
@global_options
@click.pass_context
def stop(context: click.Context) -> None:
    """Stop the sandbox; its data is kept, and running jobs fail with a reason."""
    found = _sandbox()
    stopped = found.stop()
    _report(context, found, None, "The sandbox was stopped." if stopped else "The sandbox was not running.")


@command.command()
@global_options
@click.pass_context
def status(context: click.Context) -> None:
    """Show whether the sandbox is running, and its address."""
    found = _sandbox()
    info = found.running()
    if info is not None:
        sentence = f"Running at {info.endpoint} ({info.region}), pid {info.pid}."
    elif pid := found.deaf():
        sentence = f"Does not answer (pid {pid}); jsft sandbox stop ends it."
    else:
        sentence = "Not running."
    _report(context, found, info, f"{sentence} State: {found.folder}")


@command.command()
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@global_options
@click.pass_context
def reset(context: click.Context, yes: bool) -> None:
    """Delete all data of the sandbox: buckets, jobs, logs, keys."""
    if not yes:
        require_person(as_json=False)
        if not confirm("Delete all data of the sandbox?", "Nothing was deleted."):
            return
    found = _sandbox()
    found.reset()
    _report(context, found, None, "The sandbox is empty; the next start fills it with its initial data.")


@command.command()
@global_options
@click.pass_context
def env(context: click.Context) -> None:
    """Print shell exports that point the AWS CLI and SDKs at the sandbox."""
    info = _sandbox().running()
    if info is None:
        raise Problem("SandboxNotRunning", "the sandbox is not running.", "Start it: jsft sandbox start")
    variables = environment_of(info)
    if options_of(context).json:
        print_json(variables)
        return
    for name, value in variables.items():
        out(f"export {name}={shlex.quote(value)}")
    if is_terminal(sys.stdout):
        say('Use it as: eval "$(jsft sandbox env)"')
