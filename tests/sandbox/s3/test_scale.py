"""A listing's page costs the same whatever the bucket holds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.sandbox.s3.storage.store import ObjectStore
from tests.sandbox.running import RunningSandbox

pytestmark = pytest.mark.sandbox

KEYS = 1_000_000
SMALL = 2_000
"""Keys of the bucket whose pages are the measure."""
FACTOR = 8
"""By how much a page may take longer than one of the small bucket; going through all keys would take hundreds."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    state_dir = tmp_path_factory.mktemp("large") / "state"
    seed_keys(state_dir / "content" / "s3")
    running = RunningSandbox(state_dir)
    yield running
    running.stop()


def seed_keys(root: Path) -> None:
    """Put the rows of a million keys straight into the index: 1000 folders of 1000; and of a few keys likewise."""
    store = ObjectStore(root)
    for name, count in (("million", KEYS), ("small", SMALL)):
        store.create_bucket(name, "us-west-2")
        number = store.bucket(name).id
        width = count // 1000
        rows = (
            (number, f"data/part-{n // width:05d}/obj-{n:08d}.jsonl", 100, "0" * 32, 1.7e9, "{}", None)
            for n in range(count)
        )
        with store.database.writing() as db:
            db.executemany("INSERT INTO objects VALUES(?,?,?,?,?,?,?)", rows)
    store.close()


def page_of(s3: Any, bucket: str, **parameters: Any) -> tuple[float, Any]:
    """Return the least seconds that a page took in several times, and the page."""
    took = []
    for _ in range(5):
        start = time.perf_counter()
        page = s3.list_objects_v2(Bucket=bucket, **parameters)
        took.append(time.perf_counter() - start)
    return min(took), page


def test_pages_out_of_a_million_keys_take_no_longer_than_those_out_of_a_few(large: RunningSandbox) -> None:
    s3 = large.client("s3")
    measure, page = page_of(s3, "small", StartAfter="data/part-00300")
    assert page["KeyCount"] == 1000

    seconds, page = page_of(s3, "million", StartAfter="data/part-00500")
    assert page["KeyCount"] == 1000
    assert page["Contents"][0]["Key"] == "data/part-00500/obj-00500000.jsonl"
    assert seconds < FACTOR * measure
    seconds, page = page_of(s3, "million", ContinuationToken=page["NextContinuationToken"])
    assert page["Contents"][0]["Key"] == "data/part-00501/obj-00501000.jsonl"
    assert seconds < FACTOR * measure

    measure, page = page_of(s3, "small", Prefix="data/", Delimiter="/")
    assert len(page["CommonPrefixes"]) == 1000
    seconds, page = page_of(s3, "million", Prefix="data/", Delimiter="/")
    assert (len(page["CommonPrefixes"]), page["IsTruncated"]) == (1000, False)
    assert seconds < FACTOR * measure

    measure, _ = page_of(s3, "small", MaxKeys=1)
    seconds, _ = page_of(s3, "million", MaxKeys=1)
    assert seconds < FACTOR * measure
