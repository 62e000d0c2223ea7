"""Objects that are archived: nothing can read them until they are restored.

Source: S3 user guide, "Understanding archived objects" and "How S3 Intelligent-Tiering works". A listing names the
archived storage classes, but not the archive tiers of Intelligent-Tiering: only HeadObject does (ArchiveStatus).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jsft_tui.core.storage.uri import Entry, S3Uri

ARCHIVED = frozenset({"GLACIER", "DEEP_ARCHIVE", "ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"})
"""Storage classes, and archive tiers of one, whose objects cannot be read. GLACIER_IR is read at once."""
RESTORE = "Restore it (aws s3api restore-object), or copy it to another storage class."
TIERED = "INTELLIGENT_TIERING"
YOUNGEST = 90 * 24 * 3600
"""Seconds without access after which an object can be moved to an archive tier, at the earliest."""
SMALLEST = 128 * 1024
"""Bytes of the smallest object that is ever moved."""
MOST_LOOKED_AT = 8
"""Objects of Intelligent-Tiering that are looked at one by one."""


def is_archived(entry: Entry) -> bool:
    """Return whether an object cannot be read, as far as its storage class or tier is known."""
    return entry.storage_class in ARCHIVED and not entry.is_restored


@dataclass(frozen=True)
class TierFacts:
    """What is known of the tiers of a prefix's objects.

    Attributes:
        count: objects that may be in an archive tier: of Intelligent-Tiering, old and large enough.
        looked_at: those of a sample whose tier could be read.
        archived: those of them that are in an archive tier.
        tier: the tier of the first of these.
    """

    count: int = 0
    looked_at: int = 0
    archived: tuple[S3Uri, ...] = ()
    tier: str = ""


NO_TIERS = TierFacts()


class TierSample:
    """Objects, spread evenly over a listing, that may be in an archive tier."""

    def __init__(self, now: float) -> None:
        """Create it; `now` is in epoch seconds."""
        self._before = now - YOUNGEST
        self._kept: list[S3Uri] = []
        self._stride = 1
        self.count = 0
        """How many may be."""

    def add(self, entries: Iterable[Entry]) -> None:
        """Take the objects of a further page."""
        for entry in entries:
            if self._may_be_archived(entry):
                self._take(entry.uri)

    @property
    def uris(self) -> tuple[S3Uri, ...]:
        """Return at most `MOST_LOOKED_AT` of them."""
        return tuple(self._kept[:MOST_LOOKED_AT])

    def _may_be_archived(self, entry: Entry) -> bool:
        is_old = entry.modified is None or entry.modified < self._before
        return entry.storage_class == TIERED and (entry.size or 0) >= SMALLEST and is_old and not entry.is_restored

    def _take(self, uri: S3Uri) -> None:
        if self.count % self._stride == 0:
            self._kept.append(uri)
        if len(self._kept) == 2 * MOST_LOOKED_AT:  # every second one, and from now on half as many
            del self._kept[1::2]
            self._stride *= 2
        self.count += 1
