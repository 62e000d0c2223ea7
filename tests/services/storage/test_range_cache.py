"""Ranges of an unchanged object are not read again."""

from __future__ import annotations

from collections import Counter

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.storage.range_cache import CachedRange, RangeCache
from jsft_tui.services.storage.s3 import Storage
from tests.common.home import BUCKET, Home

QUESTION = DataQuestion(Task.IMAGE_CLASSIFICATION)


def piece(name: str, etag: str = "v1") -> CachedRange:
    return CachedRange(S3Uri("b", name), etag, 0, 10)


def test_the_second_check_reads_only_what_changed(home: Home) -> None:
    s3 = home.sandbox.client("s3")
    places = [row["Key"] for row in s3.list_objects_v2(Bucket=BUCKET, Prefix="data/tiny-shapes/")["Contents"]]
    for place in places:
        key = place.replace("data/tiny-shapes/", "pieces/")
        s3.copy_object(Bucket=BUCKET, Key=key, CopySource={"Bucket": BUCKET, "Key": place})
    storage, uri = Storage(home.account().s3), S3Uri.parse(f"s3://{BUCKET}/pieces/")

    def look() -> tuple[int, set[Level]]:
        home.sandbox.forget_calls()
        report = storage.lint(QUESTION, uri)
        return Counter(home.sandbox.calls())["s3", "GetObject"], {finding.level for finding in report.findings}

    first, levels = look()
    assert first == len(places)
    assert look() == (0, levels)
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"no picture")
    again, worse = look()
    assert again == 1
    assert Level.BLOCK in worse - levels


def test_the_least_recently_used_range_is_evicted_first() -> None:
    store = RangeCache(capacity=25)
    for name in "abc":
        store.put(piece(name), b"0123456789")
        assert store.get(piece("a"))
    assert [store.get(piece(name)) for name in "abc"] == [b"0123456789", None, b"0123456789"]
    assert store.get(piece("a", "v2")) is None

    store.put(piece("a"), b"short")
    store.put(piece("d"), b"0123456789")
    assert [store.get(piece(name)) for name in "acd"] == [b"short", b"0123456789", b"0123456789"]

    store.put(piece("e"), b"too long for the whole store")
    assert store.get(piece("e")) is None
