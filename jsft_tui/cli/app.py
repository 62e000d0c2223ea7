"""The `jsft` command: its subcommands, and what happens to everything that goes wrong."""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Sequence

import click

from jsft_tui.cli.options import CheckKeys, GlobalOptions, OpenTui, global_options
from jsft_tui.cli.output import for_target, print_problem
from jsft_tui.core.common.errors import Problem, ProblemKind, usage
from jsft_tui.core.common.text import redact

# Command -> the module that holds it: only the one that is called is imported.
COMMANDS = {
    "models": "models",
    "model": "models",
    "instances": "models",
    "s3": "storage",
    "lint": "storage",
    "plan": "runs",
    "check": "runs",
    "launch": "runs",
    "export": "runs",
    "clone": "runs",
    "jobs": "jobs",
    "job": "jobs",
    "logs": "jobs",
    "stop": "jobs",
    "download": "jobs",
    "compare": "compare",
    "try": "try_model",
    "sandbox": "sandbox",
    "doctor": "doctor",
    "demo": "demo",
}
SUMMARIES = {
    "models": "List models that can be fine-tuned.",
    "model": "Show one model: data format, hyperparameters, instances.",
    "instances": "List instance types, with prices and quotas.",
    "s3": "Look at buckets and upload data.",
    "lint": "Check a dataset against what a model wants.",
    "plan": "Write a run file with defaults for a model.",
    "check": "Preflight: will this run, and what can it cost?",
    "launch": "Launch a run.",
    "export": "Write the request of a run or a past job as code.",
    "clone": "Write a JumpStart job that ran as a run file.",
    "jobs": "List training jobs.",
    "job": "Show one training job.",
    "logs": "Show a job's log.",
    "stop": "Stop a job.",
    "download": "Download a job's model.",
    "compare": "Two to six jobs side by side.",
    "try": "Ask a model from the sandbox about a text, a row or a picture.",
    "sandbox": "Start, stop and look at the sandbox.",
    "doctor": "Who am I, what may I do, what is missing?",
    "demo": "The whole main job in the sandbox.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order in which one would use them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command by name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"jsft_tui.cli.commands.{COMMANDS[cmd_name]}")
        command: click.Command = module.COMMANDS[cmd_name]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; an unknown one is answered with the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f"Did you mean: jsft {near[0]}" if near else "See: jsft --help"
            raise usage("NoSuchCommand", f"there is no command {args[0]!r}.", hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, written from the summaries so that nothing has to be imported."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SUMMARIES[name]) for name in COMMANDS])


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@global_options
@click.pass_context
def cli(context: click.Context) -> None:
    """Fine-tune Amazon SageMaker JumpStart models from the terminal.

    Try it without an account: jsft demo
    """
    if context.invoked_subcommand is None:
        _open_tui(context)


def _open_tui(context: click.Context) -> None:
    options = context.ensure_object(GlobalOptions)
    if options.open_tui is None or options.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo(context.get_help())
        return
    from jsft_tui.cli.context import opening_of

    context.exit(options.open_tui(opening_of(options), demo=False))


def run(arguments: Sequence[str], open_tui: OpenTui | None = None, check_keys: CheckKeys | None = None) -> int:
    """Run a command line; returns the exit code. Nothing a user can cause ends in a traceback.

    Without a command, and for the demo on a terminal, `open_tui` opens the full-screen interface;
    `check_keys` looks at the keys that the settings give to it.
    """
    options = GlobalOptions(open_tui=open_tui, check_keys=check_keys)
    as_json = "--json" in arguments
    try:
        # Without its standalone mode click returns the code of `Context.exit`, and a command's own value else.
        code = cli.main(args=list(arguments), prog_name="jsft", standalone_mode=False, obj=options)
        sys.stdout.flush()
    except Problem as problem:
        remedy = for_target(problem.remedy, options)
        shown = Problem(problem.code, problem.message, remedy, kind=problem.kind, retryable=problem.retryable)
        return print_problem(shown, as_json=as_json)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        return print_problem(_usage_problem(error), as_json=as_json)
    except (KeyboardInterrupt, click.Abort):
        stays = "What had been done by then stays."
        interrupted = Problem("Interrupted", "interrupted.", stays, kind=ProblemKind.INTERRUPTED)
        return print_problem(interrupted, as_json=as_json)
    except SystemExit:  # click's way to say that the reader of a pipe has seen enough: `jsft models | head`
        return 0
    except Exception as error:  # noqa: BLE001  (the last resort: a log file instead of a traceback)
        return print_problem(_unexpected(error), as_json=as_json)
    return code if isinstance(code, int) else 0


def _usage_problem(error: click.ClickException) -> Problem:
    context = getattr(error, "ctx", None)
    remedy = f"See: {context.command_path} --help" if context else "See: jsft --help"
    return usage("BadUsage", error.format_message(), remedy)


def _unexpected(error: Exception) -> Problem:
    from jsft_tui.crash import write_crash_report

    path = write_crash_report(error)
    message = redact(f"an unexpected error: {type(error).__name__}: {error}".rstrip(": "))
    remedy = f"Details are in {path}." if path else "Its details could not be written to any disk."
    return Problem("Unexpected", message, remedy, kind=ProblemKind.UNEXPECTED)
