"""Print tables, JSON documents, progress bars and errors; map errors to exit codes."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from jsft_tui.cli.options import GlobalOptions
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import cells, clean, fit
from jsft_tui.core.jobs.training_job import JobStatus

EXIT_CODES = {
    ProblemKind.UNEXPECTED: 1,
    ProblemKind.USAGE: 2,
    ProblemKind.BLOCKED: 3,
    ProblemKind.REFUSED: 4,
    ProblemKind.JOB: 5,
    ProblemKind.INTERRUPTED: 130,
}

_LEVEL_COLORS = {Level.PASS: "green", Level.WARN: "yellow", Level.BLOCK: "red", Level.UNKNOWN: "cyan"}
_STATUS_COLORS = {JobStatus.COMPLETED: "green", JobStatus.FAILED: "red", JobStatus.IN_PROGRESS: "cyan"}
_ASCII = {"✔": "+", "✖": "x", "●": "*", "■": "#", "…": "."}


def print_json(document: Any) -> None:
    """Print the JSON document of a command on stdout."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def print_json_list(documents: Iterable[Any]) -> None:
    """Print a JSON list without holding it in memory; print nothing when an item cannot be produced."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogatepass", newline="") as whole:
        comma = ""
        for document in documents:
            text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False).replace("\n", "\n  ")
            whole.write(f"{comma}\n  {text}")
            comma = ","
        if not comma:
            print_json([])
            return
        whole.seek(0)
        click.echo("[", nl=False)
        while part := whole.read(PART):
            click.echo(part, nl=False)
        click.echo("\n]")


PART = 65_536
"""Characters printed at once."""


def print_lines(lines: Iterable[str]) -> int:
    """Print lines in large chunks as they arrive; return their number."""
    count, length, some = 0, 0, list[str]()
    for line in lines:
        some.append(line)
        count, length = count + 1, length + len(line) + 1
        if length >= PART:
            click.echo("\n".join(some))
            length, some = 0, []
    if some:
        click.echo("\n".join(some))
    return count


def say(message: str) -> None:
    """Print a message on stderr, so that stdout holds only the result."""
    click.echo(message, err=True)


def glyph(symbol: str) -> str:
    """Return the symbol, or its ASCII equivalent where the encoding of stdout is not UTF-8."""
    encoding = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "")
    return symbol if encoding.startswith("utf") else _ASCII.get(symbol, "?")


def colored(text: str, color: str | None) -> str:
    """Color the text; not with NO_COLOR or on a dumb terminal. Click removes colors when stdout is not a terminal."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if color is None or plain else click.style(text, fg=color)


def level_word(level: Level) -> str:
    """Return a level as symbol and word."""
    return colored(f"{glyph(level.glyph)} {level.value:<7}", _LEVEL_COLORS[level])


def finding_lines(level: Level, subject: str, message: str, remedy: str, *, indent: str = "") -> list[str]:
    """Format a finding: symbol, level, subject and message, then the remedy.

    The columns are as wide as the names of the preflight checks. Text is wrapped on a terminal only.
    """
    head = f"{indent}{level_word(level)} {subject:<16} "
    blank = " " * cells(click.unstyle(head))
    lines = _wrapped(clean(message), len(blank))
    if remedy and level is not Level.PASS:
        lines += _wrapped(clean(remedy), len(blank))
    return [f"{head if number == 0 else blank}{line}".rstrip() for number, line in enumerate(lines)]


def _wrapped(text: str, indent: int) -> list[str]:
    if not sys.stdout.isatty():
        return [text]
    width = max(30, shutil.get_terminal_size().columns - indent)
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def status_word(status: JobStatus) -> str:
    """Return a job's status as symbol and word."""
    return colored(f"{glyph(status.glyph)} {status.value}", _STATUS_COLORS.get(status))


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Print a table on stdout: columns as wide as their widest cell; those in `right` are aligned to the right.

    The widest columns are truncated on a terminal that is too narrow; elsewhere nothing is.
    """
    plain = [[click.unstyle(cell) for cell in row] for row in rows]
    widths = _fitting([max(map(cells, column)) for column in zip(headers, *plain, strict=True)])
    for row in ([*headers], *rows):
        parts = []
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            shown = cell if cells(click.unstyle(cell)) <= width else fit(click.unstyle(cell), width)
            blank = " " * (width - cells(click.unstyle(shown)))
            parts.append(blank + shown if number in right else shown + blank)
        click.echo("  ".join(parts).rstrip())


LEAST_CELLS = 8
"""The least width of a truncated column."""


def _fitting(widths: list[int]) -> list[int]:
    if not sys.stdout.isatty():
        return widths
    room = shutil.get_terminal_size().columns - 2 * (len(widths) - 1)
    while sum(widths) > room and max(widths) > LEAST_CELLS:
        widths[widths.index(max(widths))] -= 1
    return widths


def _ignore(step: int) -> None:
    """Ignore progress."""
    del step


@contextmanager
def bar(label: str, total: int, *, in_bytes: bool = False) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on stderr; yield the function to call with each step.

    Show nothing when stderr is not a terminal or the total is 0.
    """
    if not sys.stderr.isatty() or total <= 0:
        yield _ignore
        return
    with click.progressbar(
        length=total, label=label, file=sys.stderr, show_pos=not in_bytes, update_min_steps=max(1, total // 200)
    ) as progress:
        yield progress.update


def for_target(text: str, options: GlobalOptions) -> str:
    """Add the target's options to every command in the text, so that it can be copied and run."""
    flags = ["--sandbox"] if options.sandbox else []
    flags += [f"--profile {options.profile}"] if options.profile else []
    flags += [f"--region {options.region}"] if options.region and not options.sandbox else []
    if not flags:
        return text
    return _COMMAND.sub(f"jsft {' '.join(flags)} ", text)


# A command in a sentence; `jsft sandbox` and `jsft demo` need no target.
_COMMAND = re.compile(r"\bjsft (?=[a-z])(?!(?:sandbox|demo)\b)")


def print_problem(problem: Problem, *, as_json: bool) -> int:
    """Print what happened, why, and what to do; return the exit code."""
    if as_json:
        error = {"code": problem.code, "message": problem.message, "remedy": problem.remedy or None}
        print_json({"error": error})
    else:
        say(colored("jsft: ", "red") + clean(problem.message))
        if problem.remedy:
            say(f"      {clean(problem.remedy)}")
    return EXIT_CODES[problem.kind]
