"""Locations on the Data screen: what was listed of each, the rows of a folder, and its breadcrumbs."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean, plural, short_size
from jsft_tui.core.storage.listing import FolderCount, Item, Matches, ObjectListing
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.tui.base.texts.states import denied, empty, unread
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.text.cell_text import Align, Cell, Cut
from jsft_tui.tui.widgets.text.text_pane import TextLine

UP = ".."
"""Key of the row for the parent prefix. An object of that name gets another key (`_ESCAPED`)."""
_ESCAPED = "./.."

OBJECT_COLUMNS = (
    SIGN,
    Column("name", "NAME", min_width=28, gap=1, cut=Cut.MIDDLE),
    Column("size", "SIZE", width=10, align=Align.RIGHT, priority=1),
    Column("modified", "MODIFIED", width=16, priority=2),
)
NATURAL_WIDTH = 84


@dataclass
class Location:
    """A location that is or was open: the first page (no URI), or the objects directly below a prefix.

    Attributes:
        uri: the prefix.
        starts: only names with this prefix are listed.
        rows: what has been listed so far; on the first page, the buckets.
        token: continues the listing; None if it is complete (or has not started).
        is_read: whether the first page has been received.
        is_asking: whether a page has been requested.
        problem: why it cannot be listed.
        cursor: the cursor row to restore when it is displayed again.
        wanted: the name to move the cursor to when its row has been received.
        opens_single: whether to open the only prefix found (of a location typed without its last slash).
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
    def parent(self) -> S3Uri | None:
        """The parent prefix; None for the first page."""
        return self.uri.parent if self.uri is not None and self.uri.key else None

    @property
    def name_in_parent(self) -> str:
        """The name of this location's row in its parent."""
        return self.uri.name if self.uri is not None else ""

    def child(self, item: Item) -> S3Uri:
        """Return the URI of a row."""
        return S3Uri(item.name) if self.uri is None else S3Uri(self.uri.bucket, self.uri.key + item.name)

    @property
    def count(self) -> str:
        """The number of rows listed, with a plus if there are more."""
        return f"{len(self.rows):,}{'+' if self.token is not None else ''}"


@dataclass(frozen=True)
class LocationRows:
    """The rows of a folder, all or those that match, after a row for the parent.

    Attributes:
        location: the folder.
        matches: the rows that fit the filter; None without one.
        counts: name of a folder in it -> its files, where they were counted.
        used: URIs that the run trains with.
    """

    location: Location
    matches: Matches | None = None
    counts: Mapping[str, FolderCount] = field(default_factory=dict)
    used: frozenset[str] = frozenset()

    @property
    def lead(self) -> int:
        """The number of rows before the listed ones."""
        return 1 if self._listed else 0

    def __len__(self) -> int:
        return self.lead + self._listed

    @property
    def _listed(self) -> int:
        return len(self.location.rows if self.matches is None else self.matches)

    def item(self, index: int) -> Item | None:
        """Return the item of a row; None for the parent row."""
        row = index - self.lead
        if row < 0:
            return None
        return self.location.rows.item(row if self.matches is None else self.matches[row])

    def key(self, index: int) -> str:
        """Return the name."""
        row = index - self.lead
        if row < 0:
            return UP
        name = self.location.rows.name(row if self.matches is None else self.matches[row])
        return _ESCAPED if name == UP else name

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the sign of what the run uses, name, size or number of files, and time."""
        item = self.item(index)
        if item is None:
            return (Cell(""), Cell("..", "muted"), Cell(""), Cell(""))
        sign = Cell("●", "accent") if str(self.location.child(item)) in self.used else Cell("")
        counted = self.counts.get(item.name)
        size, modified = "", item.modified
        if item.size is not None:
            size = short_size(item.size)
        elif counted is not None:
            size, modified = plural(counted.files, "file"), counted.modified
        return (sign, Cell(item.name), Cell(size, "muted"), Cell(minute(modified), "muted"))


def minute(seconds: float | None) -> str:
    """Format a time as `28 Nov 13:59`, in local time; another year instead of the time of day."""
    if seconds is None:
        return ""
    moment = time.localtime(seconds)
    day = f"{moment.tm_mday:2} {time.strftime('%b', moment)}"
    is_recent = time.time() - seconds < 300 * 86400
    return f"{day} {time.strftime('%H:%M', moment)}" if is_recent else f"{day} {moment.tm_year}"


def breadcrumbs(location: Location, width: int) -> str:
    """Return the path of a location in at most `width` cells, shortened in the middle."""
    if location.uri is None:
        return "Data"
    parts = clean(location.uri.key).removesuffix("/").split("/") if location.uri.key else []
    texts = [
        " / ".join([f"s3://{location.uri.bucket}", *(["…"] if cut else []), *parts[cut:], ""]).rstrip()
        for cut in range(max(1, len(parts)))
    ]
    texts.append(" / ".join(["s3://…", *parts[-1:], ""]).rstrip())
    return next((text for text in texts if cell_len(text) <= width), texts[-1])


def listed_words(location: Location) -> str:
    """Return what is listed of a folder, in words: `5 folders, 2 files`."""
    if location.token is not None or location.starts:
        return f"{location.count} that begin so" if location.starts else f"{location.count} names"
    folders = sum(1 for row in range(len(location.rows)) if location.rows.item(row).is_prefix)
    files = len(location.rows) - folders
    words = [plural(folders, "folder")] if folders else []
    return ", ".join([*words, *([plural(files, "file")] if files or not words else [])])


def not_listed(problem: Problem, uri: S3Uri, key: KeyOf) -> list[TextLine]:
    """Explain why a folder cannot be listed: the missing permission, and what still works."""
    up, other = (key("parent"), "goes up"), (key("type_uri"), "type or paste another address")
    if problem.code == "AccessDenied":
        why = f"You may not list {uri}: your identity lacks s3:ListBucket. You do not need it:"
        use = (key("use_data"), "train with it as it is")
        return denied(why, "s3:ListBucket", (use, other, up), f"arn:aws:s3:::{uri.bucket}")
    if problem.code == "NoSuchBucket":
        return empty(f"There is no bucket {uri.bucket}.", (other, up))
    return unread(f"{uri} cannot be listed.", str(problem), ((key("reload_data"), "try again"), other))


def nothing_listed(location: Location, key: KeyOf) -> list[TextLine]:
    """Explain that a folder has no rows."""
    ways = ((key("upload"), "upload a folder to here"), (key("parent"), "go up"))
    return empty(f"There is nothing under {location.uri}{location.starts}.", ways)


def none_match(location: Location, key: KeyOf) -> list[TextLine]:
    """Explain that no row fits the filter."""
    search = (("enter", "search by prefix"),) if location.token is not None else ()
    return empty(f"None of the {location.count} listed fit.", (*search, (key("back"), "take the filter away")))
