"""The `jsft` command: dispatch to subcommands and turn every failure into a message and an exit code."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from functools import cached_property

import click

from jsft_tui.cli.discovery import find_commands, load_command, summary
from jsft_tui.cli.options import CheckKeys, GlobalOptions, OpenTui, global_options
from jsft_tui.cli.output import for_target, print_problem
from jsft_tui.core.common.errors import Problem, ProblemKind, usage
from jsft_tui.core.common.text import redact


class LazyGroup(click.Group):
    """A group that imports a command when it is called."""

    @cached_property
    def modules(self) -> dict[str, str]:
        """Command -> module."""
        return find_commands()

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all commands, in the order of use."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None when there is none of that name."""
        module = self.modules.get(cmd_name)
        return load_command(module) if module else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant; suggest the nearest for an unknown one."""
        if args and args[0] not in self.modules and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.modules, 1)
            hint = f"Did you mean: jsft {near[0]}" if near else "See: jsft --help"
            raise usage("NoSuchCommand", f"there is no command {args[0]!r}.", hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of `--help` without importing any command."""
        limit = formatter.width - 6 - max(map(len, self.modules))
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary(module, limit)) for name, module in self.modules.items()])


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
    from jsft_tui.cli.context import session_factory_of

    context.exit(options.open_tui(session_factory_of(options), demo=False))


def run(arguments: Sequence[str], open_tui: OpenTui | None = None, check_keys: CheckKeys | None = None) -> int:
    """Run a command line and return the exit code. Nothing a user can cause ends in a traceback.

    Without a command, and for the demo on a terminal, `open_tui` starts the TUI; `check_keys` checks the keys of the
    settings.
    """
    options = GlobalOptions(open_tui=open_tui, check_keys=check_keys)
    as_json = "--json" in arguments
    try:
        # Outside its standalone mode click returns the code of `Context.exit`, otherwise the command's own value.
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
        kept = "Everything completed before that is kept."
        interrupted = Problem("Interrupted", "interrupted.", kept, kind=ProblemKind.INTERRUPTED)
        return print_problem(interrupted, as_json=as_json)
    except SystemExit:  # click's reaction to a closed pipe: `jsft models | head`
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
    message = redact(f"unexpected error: {type(error).__name__}: {error}".rstrip(": "))
    remedy = f"Details are in {path}." if path else "The details could not be written to disk."
    return Problem("Unexpected", message, remedy, kind=ProblemKind.UNEXPECTED)
