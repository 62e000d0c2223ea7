"""Objects that may be in an archive tier of Intelligent-Tiering: which, and a sample of them."""

from __future__ import annotations

import pytest

from jsft_tui.core.storage.archived import MOST_LOOKED_AT, SMALLEST, YOUNGEST, TierSample, is_archived
from jsft_tui.core.storage.uri import Entry, S3Uri

NOW = 1_800_000_000.0
OLD = NOW - YOUNGEST - 1


def tiered(
    key: str = "k", size: int = SMALLEST, modified: float = OLD, storage_class: str = "INTELLIGENT_TIERING"
) -> Entry:
    return Entry(S3Uri("b", key), size, modified, storage_class=storage_class)


@pytest.mark.parametrize(
    ("entry", "may_be"),
    [
        (tiered(), True),
        (tiered(size=SMALLEST - 1), False),
        (tiered(modified=NOW - 3600), False),
        (tiered(storage_class="STANDARD"), False),
    ],
    ids=["old and large", "small", "young", "another class"],
)
def test_only_old_and_large_objects_can_be_in_an_archive_tier(entry: Entry, may_be: bool) -> None:
    sample = TierSample(NOW)
    sample.add([entry])
    assert (sample.count, len(sample.uris)) == ((1, 1) if may_be else (0, 0))


@pytest.mark.parametrize("count", [1, 7, 8, 15, 16, 17, 999, 5000])
def test_a_sample_is_spread_over_all(count: int) -> None:
    sample = TierSample(NOW)
    sample.add(tiered(f"{number}") for number in range(count))
    numbers = [int(uri.key) for uri in sample.uris]
    assert sample.count == count
    assert len(numbers) == min(count, MOST_LOOKED_AT)
    assert numbers == sorted(set(numbers))
    assert numbers[-1] >= (count - 1) * 7 // 16


def test_a_tier_is_archived_as_a_class_is() -> None:
    assert is_archived(tiered(storage_class="DEEP_ARCHIVE_ACCESS"))
    assert not is_archived(tiered())
