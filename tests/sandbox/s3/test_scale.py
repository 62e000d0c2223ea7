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
BOUND_SECONDS = 1.0
"""Five times what a page may take: the bound is for a machine that is busy with other tests."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    state_dir = tmp_path_factory.mktemp("large") / "state"
    seed_keys(state_dir / "content" / "s3")
    running = RunningSandbox(state_dir)
    yield running
    running.stop()


def seed_keys(root: Path) -> None:
    """Put the rows of a million keys straight into the index: 1000 folders of 1000."""
    store = ObjectStore(root)
    store.create_bucket("million", "us-west-2")
    number = store.bucket("million").id
    rows = (
        (number, f"data/part-{n // 1000:05d}/obj-{n:08d}.jsonl", 100, "0" * 32, 1.7e9, "{}", None) for n in range(KEYS)
    )
    with store.database.writing() as db:
        db.executemany("INSERT INTO objects VALUES(?,?,?,?,?,?,?)", rows)
    store.close()


def timed(call: Any, **parameters: Any) -> tuple[float, Any]:
    call(**parameters)
    start = time.monotonic()
    reply = call(**parameters)
    return time.monotonic() - start, reply


def test_pages_out_of_a_million_keys_come_at_once(large: RunningSandbox) -> None:
    s3 = large.client("s3")
    seconds, page = timed(s3.list_objects_v2, Bucket="million", StartAfter="data/part-00500")
    assert page["KeyCount"] == 1000
    assert page["Contents"][0]["Key"] == "data/part-00500/obj-00500000.jsonl"
    assert seconds < BOUND_SECONDS
    seconds, page = timed(s3.list_objects_v2, Bucket="million", ContinuationToken=page["NextContinuationToken"])
    assert page["Contents"][0]["Key"] == "data/part-00501/obj-00501000.jsonl"
    assert seconds < BOUND_SECONDS
    seconds, page = timed(s3.list_objects_v2, Bucket="million", Prefix="data/", Delimiter="/")
    assert (len(page["CommonPrefixes"]), page["IsTruncated"]) == (1000, False)
    assert seconds < BOUND_SECONDS
    seconds, page = timed(s3.list_objects_v2, Bucket="million", MaxKeys=1)
    assert seconds < BOUND_SECONDS / 5
