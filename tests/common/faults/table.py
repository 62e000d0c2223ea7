"""The fault table: every operation and every command, struck by every fault, once, twice and always.

`python -m tests.common.faults.table` fills it and writes `docs/faults.md`. Each cell is one of `Outcome`; anything
else is a failure: a traceback, an "unexpected error", a call that hangs, a list or a success that is not true.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any
from unittest.mock import patch

from jsft_tui.aws.account import Account
from jsft_tui.aws.client.http.deadline import Patience
from jsft_tui.core.common.errors import Problem
from jsft_tui.services.background.tasks import BackgroundCall
from tests.common.effort import PATIENCE
from tests.common.faults.rule import Fault
from tests.common.faults.scene import COMMANDS, OPERATIONS, Command, Operation, Scene
from tests.common.home import Home

FAULTS = tuple(fault for fault in Fault if fault is not Fault.HOLD)
"""Every fault but the one that only tests use."""
ENDLESS = {Fault.HALF_OPEN: 10 * PATIENCE, Fault.DRIP: 0.2}
"""Faults that only the deadline ends, and their seconds (`Rule.seconds`)."""
OTHER_CONTENTS = frozenset({Fault.EMPTY, Fault.WRONG_TYPE, Fault.MALFORMED, Fault.FLIP})
"""Faults that change an answer, and what it says of its length."""
SHORT = Patience(seconds=0.5, slowest=1e9)
"""What a call has in their cells; the program gives it a minute."""


class Times(Enum):
    """How often a fault strikes."""

    ONCE = 1
    TWICE = 2
    ALWAYS = None


class Outcome(Enum):
    """What may become of a call that is struck. The value stands in the table."""

    RECOVERED = "✓"
    """As without the fault."""
    ERROR = "E"
    """A Problem: one line that says what could not be done and why."""
    DEGRADED = "–"
    """The rest, without what could not be learned."""
    UNNOTICED = "~"
    """One bit of a text is another, in an answer that has no checksum: TLS notices it, nothing else can. The same for
    what a model answers, whose form only its caller knows."""


class Failure(AssertionError):
    """A cell that must not be."""


@dataclass(frozen=True)
class Cell:
    """An operation or a command, a fault, and how often it strikes."""

    row: Operation | Command
    fault: Fault
    times: Times

    @property
    def rule(self) -> dict[str, Any]:
        """The rule that strikes it."""
        where = {"service": self.row.service, "operation": self.row.name} if isinstance(self.row, Operation) else {}
        return {"do": self.fault.value, "times": self.times.value, "seconds": ENDLESS.get(self.fault, 0.02), **where}

    def __str__(self) -> str:
        return f"{self.row.name} {self.fault.value} {self.times.name.lower()}"


@contextmanager
def without_pauses(fault: Fault) -> Iterator[None]:
    """Let botocore try again at once, also after many failures, and endless faults end soon."""
    with ExitStack() as stack:
        stack.enter_context(patch("botocore.endpoint.time.sleep", lambda _: None))
        limiter = "botocore.retries.adaptive.ClientRateLimiter.on_sending_request"
        stack.enter_context(patch(limiter, lambda *_, **__: None))
        stack.enter_context(patch("botocore.retries.quota.RetryQuota.acquire", lambda *_: True))
        if fault in ENDLESS:
            stack.enter_context(patch("jsft_tui.aws.client.http.deadline.PATIENCE", SHORT))
        yield


class Table:
    """Fills cells in a scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._good: dict[str, Any] = {}
        self._accounts: dict[bool, Account] = {}

    def fill(self, cell: Cell) -> Outcome:
        """Strike a cell's call and return what became of it.

        Raises:
            Failure: none of the outcomes that may be.
        """
        row = cell.row
        if isinstance(row, Operation):
            if row.name not in self._good:
                self._good[row.name] = _value(row, self._account(is_hasty=False), self._scene)
            account = self._account(is_hasty=cell.fault in ENDLESS)
            return self._fill(cell, lambda: _value(row, account, self._scene), self._judge_operation)
        words = row.words(self._scene)
        if row.name not in self._good:
            self._good[row.name] = (words, self._scene.home.jsft(*words))
            assert self._good[row.name][1].code == 0, self._good[row.name]
        return self._fill(cell, lambda: (words, self._scene.home.jsft(*words)), self._judge_command)

    def _account(self, *, is_hasty: bool) -> Account:
        """Return an account for several cells: clients know their time when they are made."""
        if is_hasty not in self._accounts:
            self._accounts[is_hasty] = self._scene.home.account()
        return self._accounts[is_hasty]

    def _fill(self, cell: Cell, call: Callable[[], Any], judge: Callable[[Cell, Any, Any], Outcome]) -> Outcome:
        sandbox = self._scene.home.sandbox
        with without_pauses(cell.fault):
            sandbox.set_faults(cell.rule)
            try:
                found = BackgroundCall(call, str(cell)).result(PATIENCE)
            except Problem as problem:
                raise Failure(f"{cell}: hangs: {problem}") from problem
            except Exception as error:
                raise Failure(f"{cell}: {type(error).__name__}: {error}") from error
            finally:
                sandbox.set_faults()
        return judge(cell, found, self._good[cell.row.name])

    def _judge_operation(self, cell: Cell, found: Any, good: Any) -> Outcome:
        assert isinstance(cell.row, Operation)
        if found == good:
            return Outcome.RECOVERED
        if isinstance(found, Problem):
            _check_words(cell, str(found))
            return Outcome.ERROR
        if found in cell.row.degrades:
            return Outcome.DEGRADED
        if cell.row.is_opaque and cell.fault in OTHER_CONTENTS and isinstance(found, bytes):
            return Outcome.UNNOTICED
        if cell.fault is Fault.FLIP and type(found) is type(good) and bool(found) == bool(good):
            return Outcome.UNNOTICED
        raise Failure(f"{cell}: taken for an answer: {found!r:.200}")

    def _judge_command(self, cell: Cell, found: Any, good: Any) -> Outcome:
        assert isinstance(cell.row, Command)
        words, outcome = found
        _check_words(cell, outcome.out + outcome.err)
        if outcome.code != 0:
            return Outcome.ERROR
        if not cell.row.proof(self._scene, words):
            raise Failure(f"{cell}: says that it is done, and it is not: {outcome.out:.200}")
        if _shape(outcome.out) == _shape(good[1].out):
            return Outcome.RECOVERED
        if cell.row.may_degrade:
            return Outcome.DEGRADED
        if cell.fault is Fault.FLIP:
            return Outcome.UNNOTICED
        raise Failure(f"{cell}: taken for an answer: {outcome.out:.300}")


def _value(operation: Operation, account: Account, scene: Scene) -> Any:
    try:
        return operation.call(account, scene)
    except Problem as problem:
        return _Same(problem)


class _Same(Problem):
    """A Problem that equals another that says the same."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code, problem.message, problem.remedy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and (other.code, other.message) == (self.code, self.message)

    def __hash__(self) -> int:
        return hash((self.code, self.message))


def _check_words(cell: Cell, text: str) -> None:
    for word in ("Traceback", "unexpected", "Unexpected", "NoneType", "object has no attribute"):
        if word in text:
            raise Failure(f"{cell}: {text:.300}")


def _shape(text: str) -> list[str]:
    """Return a command's output without its figures: ages and names of targets change from call to call."""
    return ["".join("0" if c.isdigit() else c for c in line).strip() for line in text.splitlines()]


def cells(rows: Iterable[Operation | Command] = (*OPERATIONS, *COMMANDS)) -> Iterator[Cell]:
    """Yield every cell; a command makes several calls, so twice tells nothing about it."""
    for row in rows:
        for fault, times in itertools.product(FAULTS, Times):
            if isinstance(row, Operation) or times is not Times.TWICE:
                yield Cell(row, fault, times)


def document(found: dict[str, str]) -> str:
    """Return the table as Markdown."""
    head = "| | " + " | ".join(fault.value for fault in FAULTS) + " |"
    lines = [_INTRODUCTION.format(cells=len(found)), head, "|---" * (len(FAULTS) + 1) + "|"]
    for row in (*OPERATIONS, *COMMANDS):
        name = f"{row.service} {row.name}" if isinstance(row, Operation) else f"`jsft {row.name}`"
        shown = ["".join(found.get(str(Cell(row, fault, times)), "") for times in Times) for fault in FAULTS]
        lines.append(f"| {name} | {' | '.join(shown)} |")
    return "\n".join(lines) + "\n"


_INTRODUCTION = """# Faults

What becomes of a call that is struck by a fault on its way to AWS or back. Generated by
`python -m tests.common.faults.table` against the sandbox behind a fault proxy; do not edit. {cells} cells.

Each cell has three signs: for a fault that strikes once, twice, and always; for a command, all of whose calls are
struck, two: once, and always. A command's calls run side by side, so that which of them is struck first, and with it
the sign for "once", may differ from run to run; so may the byte that `flip` changes.

- ✓ recovered: as without the fault.
- E: a clear error; its line says what could not be done and why, its code tells apart who has to act.
- –: the rest is shown, without what could not be learned.
- ~: one bit of a text differs in an answer without a checksum, or the answer of a model, which may be anything, is
  another. Only TLS, which AWS always uses, can notice that.
- F: a failure; there must be none: a traceback, an "unexpected error", a call that never ends, a success or a list
  that is not true.

A call has 60 s in all, its retries included, and more only where it carries many bytes (at least 16 KiB a second):
then its connection is cut, and its error is `Timeout`. Pages of proxies and captive portals, and answers without the
members that AWS always sends, are `ForeignAnswer`, with the page's title. Only a gateway's page with a status of 500
or more is asked again. CreateTrainingJob is not in the table: what is right there depends on whether the job exists,
see the tests of `services/launch`.
"""


def main() -> int:
    """Fill the whole table, write it, and return 1 if a cell fails."""
    found: dict[str, str] = {}
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "jsft")
        scene = Scene(home, Path(folder))
        scene.prepare()
        table = Table(scene)
        for cell in cells():
            try:
                found[str(cell)] = table.fill(cell).value
            except Failure as failure:
                found[str(cell)] = "F"
                failures.append(str(failure))
                print(failure, flush=True)
        home.sandbox.stop()
    path = Path(__file__).resolve().parents[3] / "docs" / "faults.md"
    path.write_text(document(found), encoding="utf-8")
    print(f"{len(found)} cells, {len(failures)} failures: {path.name}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
