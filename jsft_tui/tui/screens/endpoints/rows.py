"""Endpoints and leftovers as rows of a table, in groups."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import dollars
from jsft_tui.core.serving.cost import HOURS_PER_MONTH
from jsft_tui.core.serving.documents import hourly
from jsft_tui.core.serving.endpoint import Endpoint, EndpointStatus
from jsft_tui.core.serving.listed.groups import EndpointGroup, Leftover, Listed
from jsft_tui.core.serving.listed.idle import idle_seconds
from jsft_tui.core.serving.listed.words import age_words, calls_words, instances_words, month_words, state_words
from jsft_tui.core.serving.traffic import Calls
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.tui.theme.glyphs import Glyph, glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.table.rows import Group
from jsft_tui.tui.widgets.text.cell_text import Align, Cell, Cut

NATURAL_WIDTH = 88

COLUMNS = (
    SIGN,
    Column("name", "NAME", min_width=18, gap=1, cut=Cut.MIDDLE),
    Column("instance", "INSTANCE", min_width=15, priority=3),
    Column("age", "AGE", width=6, gap=1, align=Align.RIGHT, priority=2),
    Column("hour", "$/H", width=7, gap=0, align=Align.RIGHT, priority=1),
    Column("month", "A MONTH", width=8, gap=1, align=Align.RIGHT),
    Column("calls", "CALLS", min_width=9, gap=1, align=Align.RIGHT),
)


def key_of(row: Listed) -> str:
    """Return the key of a row: names are unique among endpoints, among configurations, and among models."""
    return f"{row.kind} {row.name}" if isinstance(row, Leftover) else row.name


def sign_of(endpoint: Endpoint, idle: float | None) -> tuple[str, str]:
    """Return the sign of an endpoint, and its style."""
    match endpoint.status:
        case EndpointStatus.IN_SERVICE if idle is not None:
            return glyph(Status.WARNING, os.environ), Ink.WARN
        case EndpointStatus.IN_SERVICE:
            return glyph(Status.RUNNING, os.environ), Ink.GOOD
        case EndpointStatus.DELETING | EndpointStatus.OUT_OF_SERVICE:
            return glyph(Status.STOPPED, os.environ), Ink.MUTED
        case EndpointStatus.FAILED | EndpointStatus.UPDATE_ROLLBACK_FAILED:
            return glyph(Status.FAILED, os.environ), Ink.BAD
        case EndpointStatus.UNKNOWN:
            return glyph(Status.UNKNOWN, os.environ), Ink.MUTED
        case _:
            return Glyph.STARTING, Ink.ACCENT


@dataclass(frozen=True)
class KnownEndpoints:
    """What the rows are made from.

    Attributes:
        prices: of hosting, by instance type; None while they are not known.
        calls: endpoint -> its calls, as far as they are known.
        now: epoch seconds.
        is_current: whether the list is up to date.
    """

    prices: Mapping[str, Price] | None
    calls: Mapping[str, Calls]
    now: float
    is_current: bool = True

    def idle(self, endpoint: Endpoint) -> float | None:
        """Return for how long an endpoint is idle; None while it is not."""
        return idle_seconds(endpoint, self.calls.get(endpoint.name), self.now)

    def per_hour(self, endpoint: Endpoint) -> float | None:
        """Return USD per hour; None while that is unknown."""
        return None if self.prices is None else hourly(endpoint, self.prices)


@dataclass(frozen=True)
class EndpointRows:
    """The rows, in groups; headings stand only where there are several."""

    parts: Sequence[EndpointGroup]
    known: KnownEndpoints
    listed: Sequence[Listed] = field(init=False)
    groups: Sequence[Group] = field(init=False)

    def __post_init__(self) -> None:
        listed: list[Listed] = []
        groups = []
        for part in self.parts:
            groups.append(Group(len(listed), part.title, f"{len(part.rows):,}"))
            listed.extend(part.rows)
        object.__setattr__(self, "listed", tuple(listed))
        object.__setattr__(self, "groups", tuple(groups if len(groups) > 1 else ()))

    def __len__(self) -> int:
        return len(self.listed)

    def key(self, index: int) -> str:
        """Return what identifies the row."""
        return key_of(self.listed[index])

    @property
    def tail(self) -> Sequence[Sequence[Cell]]:
        """Return what the last column says, where it says anything."""
        if not self.known.calls or not self.listed:
            return ()
        warning = Cell(glyph(Status.WARNING, os.environ), Ink.WARN)
        about = (
            Cell("Calls in the last 24 hours.  ", Ink.MUTED),
            warning,
            Cell(" idle for a day or more.", Ink.MUTED),
        )
        return ((Cell(""),), about)

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the row's cells."""
        row = self.listed[index]
        found = self._leftover(row) if isinstance(row, Leftover) else self._endpoint(row)
        return [found.get(column.key, Cell("")) for column in COLUMNS]

    def changed(self, other: EndpointRows) -> Iterable[str]:
        """Return the keys of rows that look otherwise in rows of the same endpoints."""
        return [self.key(at) for at in range(len(self)) if self.cells(at) != other.cells(at)]

    def are_like(self, other: EndpointRows) -> bool:
        """Return whether the other rows are of the same endpoints, in the same order."""
        keys = [self.key(at) for at in range(len(self))]
        is_same = keys == [other.key(at) for at in range(len(other))]
        return is_same and self.groups == other.groups and bool(self.tail) == bool(other.tail)

    def _leftover(self, row: Leftover) -> Mapping[str, Cell]:
        # The column is too narrow for "endpoint configuration".
        kind = Cell(row.kind.removeprefix("endpoint "), Ink.MUTED)
        return {"sign": Cell(Glyph.TO_COME, Ink.MUTED), "name": Cell(row.name), "instance": kind}

    def _endpoint(self, row: Endpoint) -> Mapping[str, Cell]:
        known = self.known
        idle, usd = known.idle(row), known.per_hour(row)
        words = calls_words(row, known.calls.get(row.name), known.now)
        return {
            "sign": Cell(*sign_of(row, idle)),
            "name": Cell(row.name),
            "instance": _instances_cell(instances_words(row)),
            "age": Cell(age_words(row.age(known.now)), Ink.MUTED),
            "hour": self._amount(dollars(usd) if usd is not None else "?"),
            "month": self._amount(month_words(None if usd is None else usd * HOURS_PER_MONTH)),
            "calls": Cell(words, _calls_style(row, idle)),
        }

    def _amount(self, text: str) -> Cell:
        if self.known.prices is None:
            return Cell("…", Ink.MUTED)
        if text == "?":
            return Cell(text, Ink.MUTED)
        return Cell(text if self.known.is_current else f"{text}?", Ink.MONEY)


def _instances_cell(words: str) -> Cell:
    """Return types of instances, which lose what all of them begin with where there is less room."""
    return Cell(words, Ink.MUTED, shorter=Cell(words.replace("ml.", ""), Ink.MUTED))


def _calls_style(row: Endpoint, idle: float | None) -> str:
    if idle is not None:
        return Ink.WARN
    return Ink.BAD if state_words(row) == "failed" else Ink.MUTED
