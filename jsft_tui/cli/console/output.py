"""The one door for printed text: lines, tables, documents, JSON, progress bars and errors; exit codes of errors.

Nothing else in `cli` writes to a stream (Ruff's TID251 refuses `click.echo` elsewhere): whatever is printed here is
cleaned, because names, messages and metrics come from anybody who can start a job.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TextIO

import click

from jsft_tui.cli.console.streams import is_terminal, takes_unicode
from jsft_tui.cli.options import GlobalOptions
from jsft_tui.core.account import own_commands
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.common.escapes import Escape, in_ascii, json_escape, json_text
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import cells, clean, clean_block, fit
from jsft_tui.core.jobs.training_job import JobStatus

EXIT_CODES = {
    ProblemKind.UNEXPECTED: 1,
    ProblemKind.USAGE: 2,
    ProblemKind.BLOCKED: 3,
    ProblemKind.REFUSED: 4,
    ProblemKind.JOB: 5,
    ProblemKind.UNKNOWN: 6,
    ProblemKind.INTERRUPTED: 130,
}

_LEVEL_COLORS = {Level.PASS: "green", Level.WARN: "yellow", Level.BLOCK: "red", Level.UNKNOWN: "cyan"}
_STATUS_COLORS = {JobStatus.COMPLETED: "green", JobStatus.FAILED: "red", JobStatus.IN_PROGRESS: "cyan"}


# Lines


@dataclass(frozen=True)
class Styled:
    """A text with a color; in a text of several it is only its text."""

    text: str
    color: str | None

    def __str__(self) -> str:
        return self.text


Part = str | Styled
"""A piece of a line. Both kinds are cleaned; only the color of `Styled` reaches the terminal as a sequence."""


class Print(Protocol):
    """Print a line that consists of these parts: `out` or `say`."""

    def __call__(self, *parts: Part) -> None:
        """Print it."""
        ...


def out(*parts: Part) -> None:
    """Print one line on stdout; a line end inside a part becomes a blank."""
    _echo("".join(map(_cleaned, parts)) + "\n", sys.stdout)


def say(*parts: Part) -> None:
    """Print one line on stderr, so that stdout holds only the result; a command in it names the target."""
    told = (for_this_target(part) if isinstance(part, str) else part for part in parts)
    _echo("".join(map(_cleaned, told)) + "\n", sys.stderr)


def _echo(text: str, stream: TextIO) -> None:
    # Named, because click would take an ASCII stream for a mistake and write UTF-8 to it.
    click.echo(text, nl=False, file=stream)


def _cleaned(part: Part) -> str:
    if isinstance(part, str):
        return clean(part)
    text = clean(part.text)
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    # Click removes colors when the stream is not a terminal.
    return text if part.color is None or plain else click.style(text, fg=part.color)


def redraw(text: str, stream: TextIO | None = None) -> None:
    """Replace the last line of the terminal at a stream (stderr if None); an empty text removes it."""
    # Written over the former text, whose end is cleared then: an empty line would flicker.
    _echo(f"\r{clean(text)}\x1b[K", sys.stderr if stream is None else stream)


def labeled(label: str, text: str, width: int = 19) -> None:
    """Print a text behind its label on stdout; further lines are indented, so that none of them passes for a label."""
    first, *others = clean_block(for_this_target(text)).split("\n")
    out(f"{label:<{width}}{first}")
    for line in others:
        out(" " * width, line)


PART = 65_536
"""Characters printed at once."""


def print_lines(lines: Iterable[str]) -> int:
    """Print texts of one or several lines in large chunks as they arrive; return their number."""
    count, length, some = 0, 0, list[str]()
    for line in lines:
        some.append(line if line.isprintable() else clean_block(line))
        count, length = count + 1, length + len(line) + 1
        if length >= PART:
            _echo("\n".join(some) + "\n", sys.stdout)
            length, some = 0, []
    if some:
        _echo("\n".join(some) + "\n", sys.stdout)
    return count


# Documents


def print_json(document: Any) -> None:
    """Print the JSON document of a command on stdout."""
    print_document(f"{json_text(document)}\n", json_escape)


def print_json_list(documents: Iterable[Any]) -> None:
    """Print a JSON list without holding it in memory; print nothing when an item cannot be produced."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as whole:
        comma = ""
        for document in documents:
            text = json_text(document).replace("\n", "\n  ")
            whole.write(f"{comma}\n  {text}")
            comma = ","
        if not comma:
            print_json([])
            return
        whole.seek(0)
        print_document("[", json_escape)
        while part := whole.read(PART):
            print_document(part, json_escape)
        print_document("\n]\n", json_escape)


def print_document(text: str, escape: Escape) -> None:
    """Print generated text, or a piece of it, on stdout as it is; it has its own line ends.

    Args:
        text: what other programs read; what cannot be seen is escaped in it already.
        escape: the escape of its language, for a stream that is not UTF-8.
    """
    _echo(clean_block(text if takes_unicode(sys.stdout) else in_ascii(text, escape)), sys.stdout)


# Words and lines of findings


def glyph(status: Status) -> str:
    """Return the symbol of a status: ASCII where the encoding of stdout is not UTF-8."""
    encoding = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "")
    return status.glyph if encoding.startswith("utf") else status.ascii_glyph


def level_word(level: Level) -> Styled:
    """Return a level as symbol and word."""
    return Styled(f"{glyph(level.as_status)} {level.value:<7}", _LEVEL_COLORS[level])


def print_finding(
    level: Level, subject: str, message: str, remedy: str, *, indent: str = "", write: Print = out
) -> None:
    """Print a finding: symbol, level, subject and message, then the remedy.

    The columns are as wide as the names of the preflight checks. Text is wrapped on a terminal only.
    """
    word, place = level_word(level), f" {clean(subject):<16} "
    blank = " " * (len(indent) + cells(word.text) + cells(place))
    first, *others = _wrapped(clean(for_this_target(message)), len(blank))
    if remedy and level is not Level.PASS:
        others += _wrapped(clean(for_this_target(remedy)), len(blank))
    write(indent, word, f"{place}{first}".rstrip())
    for line in others:
        write(f"{blank}{line}")


def _wrapped(text: str, indent: int) -> list[str]:
    if not is_terminal(sys.stdout):
        return [text]
    width = max(30, shutil.get_terminal_size().columns - indent)
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def status_word(status: JobStatus) -> Styled:
    """Return a job's status as symbol and word."""
    return Styled(f"{glyph(status.as_status)} {status.value}", _STATUS_COLORS.get(status))


def table(
    headers: Sequence[str], rows: Sequence[Sequence[Part]], right: Sequence[int] = (), spare: Sequence[int] = ()
) -> None:
    """Print a table on stdout: columns as wide as their widest cell; those in `right` are aligned to the right.

    On a terminal that is too narrow, columns in `spare` are left out, in that order, until the first column, which
    has names to be typed, is whole; then the widest columns are truncated. Elsewhere nothing is.
    """
    lines = [[_cell(cell) for cell in row] for row in (headers, *rows)]
    wanted = [max(cells(cell.text) for cell in column) for column in zip(*lines, strict=True)]
    shown_columns = _with_room(wanted, spare)
    widths = _fitting([wanted[number] for number in shown_columns])
    for line in lines:
        parts: list[Part] = []
        for number, width in zip(shown_columns, widths, strict=True):
            cell = line[number]
            shown = Styled(fit(cell.text, width), cell.color)
            blank = " " * (width - cells(shown.text))
            between = "  " if number else ""
            parts += [between, blank, shown] if number in right else [between, shown, blank]
        out(*_without_end(parts))


def _cell(part: Part) -> Styled:
    return Styled(clean(str(part)), part.color if isinstance(part, Styled) else None)


def _without_end(parts: Sequence[Part]) -> list[Part]:
    """Return a line without the blanks at its end."""
    kept = list(parts)
    while kept and not str(kept[-1]).strip():
        kept.pop()
    if kept and isinstance(kept[-1], Styled):
        kept[-1] = Styled(kept[-1].text.rstrip(), kept[-1].color)
    return kept


LEAST_CELLS = 8
"""The least width of a truncated column."""


def _with_room(widths: Sequence[int], spare: Sequence[int]) -> list[int]:
    """Return the columns that are shown: without as many spare ones as the first column needs."""
    shown = list(range(len(widths)))
    for number in spare:
        if _fitting([widths[each] for each in shown])[0] == widths[0]:
            break
        shown.remove(number)
    return shown


def _fitting(widths: list[int]) -> list[int]:
    if not is_terminal(sys.stdout):
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
    if not is_terminal(sys.stderr) or total <= 0:
        yield _ignore
        return
    with click.progressbar(
        length=total, label=clean(label), file=sys.stderr, show_pos=not in_bytes, update_min_steps=max(1, total // 200)
    ) as progress:
        yield progress.update


def for_target(text: str, options: GlobalOptions) -> str:
    """Add the target's options to every command in the text, so that it can be copied and run."""
    return own_commands.for_target(str(text), target_flags(options))  # the words of a remedy, its command included


def target_flags(options: GlobalOptions) -> str:
    """Return the options that name the target, as a shell reads them."""
    flags = ["--sandbox"] if options.sandbox else []
    flags += [f"--profile {shlex.quote(options.profile)}"] if options.profile else []
    flags += [f"--region {shlex.quote(options.region)}"] if options.region and not options.sandbox else []
    return " ".join(flags)


def for_this_target(text: str) -> str:
    """Add the options of the command that runs to every command in a text."""
    context = click.get_current_context(silent=True)
    options = None if context is None else context.find_object(GlobalOptions)
    return text if options is None else for_target(text, options)


def print_problem(problem: Problem, *, as_json: bool) -> int:
    """Print what happened, why, and what to do; return the exit code."""
    if as_json:
        error = {"code": problem.code, "message": problem.message, "remedy": problem.remedy or None}
        print_json({"error": error})
    else:
        say(Styled("jsft: ", "red"), problem.message)
        if problem.remedy:
            say(f"      {problem.remedy}")
    return EXIT_CODES[problem.kind]
