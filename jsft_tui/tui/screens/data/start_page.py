"""The first page of the Data screen: where to start, places used lately, buckets."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.fit import ANSWERS
from jsft_tui.core.storage.listing import Item, Matches
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.settings.recents import Recent
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.screens.data.rows import Location
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.table.rows import Group
from jsft_tui.tui.widgets.text.cell_text import Align, Cell, Cut

START_COLUMNS = (
    SIGN,
    Column("name", "", min_width=36, gap=1, cut=Cut.MIDDLE, spills=True),
    Column("about", "", width=14, align=Align.RIGHT, priority=2, spills=True),
    Column("note", "", width=14, align=Align.RIGHT, priority=1),
)
ABOUT = 14
LATELY = "lately "
"""Before the key of a row of a place used lately."""
NOT_LISTED = " not listed"
"""Key of the row that stands for buckets that may not be listed."""
MOST_RECENT = 6


class Start(Enum):
    """Ways to start; the values are the keys of the rows."""

    DEFAULT = " default"
    TYPE = " type"
    UPLOAD = " upload"


@dataclass(frozen=True)
class StartPage:
    """What the first page depends on.

    Attributes:
        location: the buckets.
        recents: places used lately.
        model_id: of the draft; verdicts are those for it.
        default: the default dataset in a few words; empty if it is not known.
        lacks_default: whether the model is known to have none, so that there is no row for it.
        uses_default: whether the run trains with it.
        used: URIs that the run trains with.
        regions: bucket -> region.
        home: the region of the job.
    """

    location: Location
    recents: Sequence[Recent] = ()
    model_id: str = ""
    default: str = ""
    uses_default: bool = False
    used: frozenset[str] = frozenset()
    regions: Mapping[str, str] = field(default_factory=dict)
    home: str = ""
    lacks_default: bool = False


@dataclass(frozen=True)
class StartRows:
    """The rows of the first page: all, or the buckets and places that fit a filter."""

    page: StartPage
    key_of: KeyOf
    matches: Matches | None = None
    words: str = ""

    @property
    def _ways(self) -> tuple[Start, ...]:
        if self.matches is not None:
            return ()
        return tuple(way for way in Start if way is not Start.DEFAULT or not self.page.lacks_default)

    @property
    def recents(self) -> Sequence[Recent]:
        """The places shown."""
        words = self.words.casefold().split()
        return [each for each in self.page.recents if all(word in each.place.casefold() for word in words)][
            :MOST_RECENT
        ]

    @property
    def _first_bucket(self) -> int:
        return len(self._ways) + len(self.recents)

    @property
    def _buckets(self) -> int:
        return len(self.page.location.rows if self.matches is None else self.matches)

    @property
    def _has_note(self) -> bool:
        return self.page.location.problem is not None and self.matches is None

    def __len__(self) -> int:
        return self._first_bucket + self._buckets + self._has_note

    @property
    def groups(self) -> Sequence[Group]:
        """The groups."""
        count = "" if self._has_note else self.page.location.count
        return (
            Group(0, "Start here"),
            Group(len(self._ways), "Used lately"),
            Group(self._first_bucket, "Buckets", count),
        )

    def key(self, index: int) -> str:
        """Return the key of a row."""
        found = self.at(index)
        if isinstance(found, Start):
            return found.value
        if isinstance(found, Recent):
            return LATELY + found.place
        return found.name if found is not None else NOT_LISTED

    def at(self, index: int) -> Start | Recent | Item | None:
        """Return what a row stands for; None for buckets that may not be listed."""
        ways, recents = self._ways, self.recents
        if index < len(ways):
            return ways[index]
        if index < self._first_bucket:
            return recents[index - len(ways)]
        row = index - self._first_bucket
        if row >= self._buckets:
            return None
        return self.page.location.rows.item(row if self.matches is None else self.matches[row])

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the cells of a row."""
        found = self.at(index)
        if isinstance(found, Start):
            return self._start_cells(found)
        if isinstance(found, Recent):
            return self._recent_cells(found)
        if found is None:
            why = f"not listed: s3:ListAllMyBuckets is missing, {self.key_of('type_uri')} goes on"
            return (Cell("!", "warn"), Cell(why, "warn"), Cell(""), Cell(""))
        region = self.page.regions.get(found.name, "")
        is_other = bool(region) and region != self.page.home
        style = "warn" if is_other else "muted"
        note = Cell("! other region", "warn") if is_other else Cell("")
        return (self._sign(f"s3://{found.name}/"), Cell(found.name), Cell(f"{region:{ABOUT}}", style), note)

    def _start_cells(self, start: Start) -> Sequence[Cell]:
        if start is Start.DEFAULT:
            sign = Cell("●", "accent") if self.page.uses_default else Cell("")
            return (sign, Cell("Use the model's default dataset"), _about(self.page.default), Cell(""))
        if start is Start.TYPE:
            key = Cell(self.key_of("type_uri"), "key")
            return (Cell(""), Cell("Type or paste an s3:// address"), _about("no listing needed"), key)
        key = Cell(self.key_of("upload"), "key")
        return (Cell(""), Cell("Upload a folder from this machine"), _about("into a bucket of yours"), key)

    def _recent_cells(self, recent: Recent) -> Sequence[Cell]:
        level = recent.verdicts.get(self.page.model_id)
        day = f"{_day(recent.used):6}"
        word = verdict_word(level)
        note = Cell(f"{day}  ", "muted", (Cell(f"{word:6}", level.as_status.value if level else "muted"),))
        return (self._sign(recent.place), Cell(recent.place), Cell(""), note)

    def _sign(self, place: str) -> Cell:
        return Cell("●", "accent") if place in self.page.used else Cell("")


def verdict_word(level: Level | None) -> str:
    """Return a verdict in two words; empty without one."""
    if level is None:
        return ""
    return f"{glyph(level.as_status, os.environ)} {'no' if ANSWERS.get(level) == 'no' else 'fits'}"


def place_of(found: Start | Recent | Item | None) -> S3Uri | None:
    """Return the place that a row stands for."""
    if isinstance(found, Recent):
        return S3Uri.parse(found.place)
    return S3Uri(found.name) if isinstance(found, Item) else None


def _about(text: str) -> Cell:
    """Return what there is to say about a row, at the left of its column."""
    return Cell(f"{text:{ABOUT}}", "muted")


def _day(seconds: float | None) -> str:
    if seconds is None:
        return ""
    moment = time.localtime(seconds)
    return f"{moment.tm_mday} {time.strftime('%b', moment)}"
