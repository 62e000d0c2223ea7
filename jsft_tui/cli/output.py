"""What the command line prints: tables, JSON documents, progress bars, errors and their exit codes."""

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

_LEVEL_COLOURS = {Level.PASS: "green", Level.WARN: "yellow", Level.BLOCK: "red", Level.UNKNOWN: "cyan"}
_STATUS_COLOURS = {JobStatus.COMPLETED: "green", JobStatus.FAILED: "red", JobStatus.IN_PROGRESS: "cyan"}
_ASCII = {"✔": "+", "✖": "x", "●": "*", "■": "#", "…": "."}


def print_json(document: Any) -> None:
    """The one JSON document of a command, on stdout."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def print_json_list(documents: Iterable[Any]) -> None:
    """The same for a list of any length, which is never held whole: printed when all of it is there, or not at all."""
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
"""Characters that are printed at once."""


def print_lines(lines: Iterable[str]) -> int:
    """Print lines as they come, many at once; how many there were."""
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
    """A message for people, on stderr, so that stdout stays what was asked for."""
    click.echo(message, err=True)


def glyph(sign: str) -> str:
    """A sign, or its ASCII twin where the terminal's encoding is not UTF-8."""
    encoding = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "")
    return sign if encoding.startswith("utf") else _ASCII.get(sign, "?")


def colored(text: str, color: str | None) -> str:
    """The text in a colour; click drops it when stdout is no terminal, NO_COLOR and a dumb terminal always do."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if color is None or plain else click.style(text, fg=color)


def level_word(level: Level) -> str:
    """A level as sign and word."""
    return colored(f"{glyph(level.glyph)} {level.value:<7}", _LEVEL_COLOURS[level])


def finding_lines(level: Level, subject: str, message: str, remedy: str, *, indent: str = "") -> list[str]:
    """A finding for people: sign, level, subject and message, then the remedy; wrapped to the terminal's width.

    The columns are as wide as the names of the preflight checks. Without a terminal nothing is wrapped.
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
    """A job's status as sign and word."""
    return colored(f"{glyph(status.glyph)} {status.value}", _STATUS_COLOURS.get(status))


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """A table on stdout: columns as wide as their widest cell; `right` are columns of numbers.

    On a terminal that is too narrow the widest columns are cut; elsewhere nothing is.
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
"""A column is not cut below this."""


def _fitting(widths: list[int]) -> list[int]:
    if not sys.stdout.isatty():
        return widths
    room = shutil.get_terminal_size().columns - 2 * (len(widths) - 1)
    while sum(widths) > room and max(widths) > LEAST_CELLS:
        widths[widths.index(max(widths))] -= 1
    return widths


def _nowhere(step: int) -> None:
    """Progress that nobody looks at."""
    del step


@contextmanager
def bar(label: str, total: int, *, in_bytes: bool = False) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr; yields what to call with each step.

    Silent when stderr is no terminal, or nothing is to be done.
    """
    if not sys.stderr.isatty() or total <= 0:
        yield _nowhere
        return
    with click.progressbar(
        length=total, label=label, file=sys.stderr, show_pos=not in_bytes, update_min_steps=max(1, total // 200)
    ) as progress:
        yield progress.update


def for_target(text: str, options: GlobalOptions) -> str:
    """The text with the target's flags in every command that it offers, so that it can be copied as it is."""
    flags = ["--sandbox"] if options.sandbox else []
    flags += [f"--profile {options.profile}"] if options.profile else []
    flags += [f"--region {options.region}"] if options.region and not options.sandbox else []
    if not flags:
        return text
    return _OFFERED.sub(f"jsft {' '.join(flags)} ", text)


# A command in a sentence ("Run: jsft sandbox reset" needs no target, and is left as it is).
_OFFERED = re.compile(r"\bjsft (?=(?:models?|instances|s3|lint|plan|check|launch|jobs?|logs|stop|download|clone)\b)")


def print_problem(problem: Problem, *, as_json: bool) -> int:
    """Say what happened, why, and what to do; returns the exit code."""
    if as_json:
        error = {"code": problem.code, "message": problem.message, "remedy": problem.remedy or None}
        print_json({"error": error})
    else:
        say(colored("jsft: ", "red") + clean(problem.message))
        if problem.remedy:
            say(f"      {clean(problem.remedy)}")
    return EXIT_CODES[problem.kind]
