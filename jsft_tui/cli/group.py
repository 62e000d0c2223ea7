"""The command line as click reads it: dispatch to subcommands, which are imported when they are called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cached_property

import click

from jsft_tui.cli.console.streams import is_terminal
from jsft_tui.cli.options import GlobalOptions, global_options
from jsft_tui.core.common.errors import Problem, usage


class LazyGroup(click.Group):
    """A group that imports a command when it is called."""

    @cached_property
    def modules(self) -> dict[str, str]:
        """Command -> module."""
        from jsft_tui.cli.discovery import find_commands

        return find_commands()

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all commands, in the order of use."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None when there is none of that name."""
        from jsft_tui.cli.discovery import load_command

        module = self.modules.get(cmd_name)
        return load_command(module) if module else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant; suggest the nearest for an unknown one."""
        if args and args[0] not in self.modules and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], self.modules, 1)
            hint = f"Did you mean: jsft {near[0]}" if near else "See: jsft --help"
            raise usage("NoSuchCommand", f"there is no command {args[0]!r}.", hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of `--help` without importing any command."""
        from jsft_tui.cli.discovery import summary

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
    if options.open_tui is None or options.json or not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        _print_help(context.get_help())
        return
    from jsft_tui.cli.full_screen import open_full_screen

    context.exit(open_full_screen(options.open_tui, options, demo=False))


def run_command(arguments: Sequence[str], options: GlobalOptions) -> int:
    """Run a command line and return the exit code; what click refuses is printed.

    Raises:
        Problem: what the command raises.
    """
    try:
        # Outside its standalone mode click returns the code of `Context.exit`, otherwise the command's own value.
        code = cli.main(args=list(arguments), prog_name="jsft", standalone_mode=False, obj=options)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        _print_usage(error.format_message())
        return error.exit_code
    except click.ClickException as error:
        from jsft_tui.cli.console.output import print_problem

        return print_problem(_usage_problem(error), as_json="--json" in arguments)
    except click.Abort:
        raise KeyboardInterrupt from None
    return code if isinstance(code, int) else 0


def _print_help(text: str) -> None:
    from jsft_tui.cli.console.output import print_lines

    print_lines(text.splitlines())


def _print_usage(text: str) -> None:
    from jsft_tui.cli.console.output import say

    for line in text.splitlines():
        say(line)


def _usage_problem(error: click.ClickException) -> Problem:
    context = getattr(error, "ctx", None)
    remedy = f"See: {context.command_path} --help" if context else "See: jsft --help"
    return usage("BadUsage", error.format_message(), remedy)
