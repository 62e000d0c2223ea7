"""Places of the Data screen: what was listed of each, its rows, and how it is named in a title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import humanize
from rich.cells import cell_len

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean
from jsft_tui.core.jobs.training_job import iso
from jsft_tui.core.storage.listing import Item, Matches, ObjectListing
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.text.cell_text import Align, Cell

UP = ".."
"""The key of the row that leads up. An object of that name has a key of its own (`_ESCAPED`)."""
_ESCAPED = "./.."

OBJECT_COLUMNS = (
    Column("name", "NAME", min_width=28),
    Column("size", "SIZE", width=10, align=Align.RIGHT, priority=1),
    Column("modified", "MODIFIED", width=16, priority=2),
)
BUCKET_COLUMNS = (
    Column("name", "BUCKET", min_width=34),
    Column("region", "REGION", width=16, priority=1),
    Column("created", "CREATED", width=16, priority=2),
)


@dataclass
class Place:
    """A place that is or was open: the buckets (no URI), or what lies directly below a prefix.

    Attributes:
        uri: the prefix.
        starts: only names that begin so are listed.
        rows: what came so far.
        token: continues the listing; None when it is whole (or did not begin).
        is_read: whether the first page came.
        is_asking: whether a page is on its way.
        problem: why it cannot be listed.
        cursor: the row to put the cursor on when it is shown again.
        wanted: the name to put the cursor on once its row came.
        opens_single: whether to go on into the only prefix found (of a place typed without its last slash).
    """

    uri: S3Uri | None = None
    starts: str = ""
    rows: ObjectListing = field(default_factory=ObjectListing)
    token: str | None = None
    is_read: bool = False
    is_asking: bool = False
    problem: Problem | None = None
    cursor: int = 0
    wanted: str = ""
    opens_single: bool = False

    @property
    def above(self) -> S3Uri | None:
        """The place above; None for the buckets."""
        return self.uri.parent if self.uri is not None and self.uri.key else None

    @property
    def name_above(self) -> str:
        """The name of this place's row in the place above."""
        return self.uri.name if self.uri is not None else ""

    def child(self, item: Item) -> S3Uri:
        """Where a row of this place is."""
        return S3Uri(item.name) if self.uri is None else S3Uri(self.uri.bucket, self.uri.key + item.name)

    @property
    def count(self) -> str:
        """How many rows came, with a plus when there are more."""
        return f"{len(self.rows):,}{'+' if self.token is not None else ''}"


@dataclass(frozen=True)
class PlaceRows:
    """The rows of a place, all or those that match; the way up comes first."""

    place: Place
    regions: Mapping[str, str]
    home: str
    matches: Matches | None = None

    @property
    def lead(self) -> int:
        """How many rows stand before the listed ones."""
        return 1 if self.place.uri is not None and self._listed else 0

    def __len__(self) -> int:
        return self.lead + self._listed

    @property
    def _listed(self) -> int:
        return len(self.place.rows if self.matches is None else self.matches)

    def item(self, index: int) -> Item | None:
        """A row's item; None for the way up."""
        row = index - self.lead
        if row < 0:
            return None
        return self.place.rows.item(row if self.matches is None else self.matches[row])

    def key(self, index: int) -> str:
        """The name."""
        row = index - self.lead
        if row < 0:
            return UP
        name = self.place.rows.name(row if self.matches is None else self.matches[row])
        return _ESCAPED if name == UP else name

    def cells(self, index: int) -> Sequence[Cell]:
        """Name and size, or name and region; and when it was made."""
        item = self.item(index)
        if item is None:
            return (Cell(".."), Cell(""), Cell(""))
        made = Cell(minute(item.modified), "quiet")
        if self.place.uri is not None:
            size = "-" if item.size is None else humanize.naturalsize(item.size, binary=True)
            return (Cell(item.name), Cell(size, "quiet"), made)
        region = self.regions.get(item.name, "")
        if region and region != self.home:
            return (Cell(item.name), Cell(f"! {region}", "warning"), made)
        return (Cell(item.name), Cell(region, "quiet"), made)


def minute(seconds: float | None) -> str:
    """A time as people read it, in UTC; nothing when there is none."""
    return (iso(seconds) or "")[:16].replace("T", " ")


def crumbs(place: Place, width: int) -> str:
    """Where one is, in at most `width` cells: what does not fit is left out in the middle."""
    if place.uri is None:
        return "Buckets"
    parts = clean(place.uri.key).removesuffix("/").split("/") if place.uri.key else []
    tail = f" {clean(place.starts)}*" if place.starts else ""
    texts = [
        " / ".join([f"s3://{place.uri.bucket}", *(["…"] if cut else []), *parts[cut:], ""]).rstrip() + tail
        for cut in range(max(1, len(parts)))
    ]
    texts.append(" / ".join(["s3://…", *parts[-1:], ""]).rstrip() + tail)
    return next((text for text in texts if cell_len(text) <= width), texts[-1])


def why_not(problem: Problem, uri: S3Uri | None, key: KeyOf) -> str:
    """What to say where a place cannot be listed: which permission is missing, and what still works."""
    if problem.code == "AccessDenied" and uri is None:
        return (
            "You may not list your buckets: the permission s3:ListAllMyBuckets is missing. "
            f"Press {key('type_uri')} to type a place, like s3://bucket/prefix/, "
            f"or {key('recents')} for the places used lately."
        )
    if problem.code == "AccessDenied":
        return (
            f"You may not list {uri}: the permission s3:ListBucket is missing. {key('use_data')} and "
            f"{key('output_here')} can still use it as it is; {key('type_uri')} types another place, "
            f"{key('parent')} goes up."
        )
    if problem.code == "NoSuchBucket" and uri is not None:
        ways = f"Press {key('type_uri')} to type another place, {key('parent')} for your buckets."
        return f"There is no bucket {uri.bucket}. {ways}"
    return f"{problem} Press {key('reload_data')} to try again, {key('type_uri')} to type a place."
