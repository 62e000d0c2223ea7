"""Verifying bytes by the strongest available check."""

from __future__ import annotations

import base64
import hashlib
import zlib

import pytest

from jsft_tui.core.storage.checksums import ObjectFacts, verifier

DATA = bytes(range(256)) * 100
MD5 = hashlib.md5(DATA).hexdigest()


def parts_etag(size: int) -> str:
    pieces = [DATA[start : start + size] for start in range(0, len(DATA), size)]
    whole = hashlib.md5(b"".join(hashlib.md5(piece).digest() for piece in pieces)).hexdigest()
    return f"{whole}-{len(pieces)}"


FACTS = [
    ObjectFacts(len(DATA), MD5),
    ObjectFacts(len(DATA), MD5, encryption="AES256"),
    ObjectFacts(len(DATA), parts_etag(1000), part_size=1000),
    ObjectFacts(len(DATA), parts_etag(25_600), part_size=25_600),
    ObjectFacts(len(DATA), "x", crc32=base64.b64encode(zlib.crc32(DATA).to_bytes(4, "big")).decode()),
    ObjectFacts(len(DATA), "x", sha256=base64.b64encode(hashlib.sha256(DATA).digest()).decode()),
]


@pytest.mark.parametrize("facts", FACTS)
@pytest.mark.parametrize("piece", [1, 999, 1000, 7001, 100_000])
def test_the_same_bytes_match_however_they_come(facts: ObjectFacts, piece: int) -> None:
    check = verifier(facts)
    assert check is not None
    for start in range(0, len(DATA), piece):
        check.update(DATA[start : start + piece])

    assert check.matches()


@pytest.mark.parametrize("facts", FACTS)
def test_other_bytes_do_not(facts: ObjectFacts) -> None:
    check = verifier(facts)
    assert check is not None
    check.update(b"\xff" + DATA[1:])

    assert not check.matches()


@pytest.mark.parametrize(
    "facts",
    [
        ObjectFacts(5, MD5, encryption="aws:kms"),
        ObjectFacts(5, MD5, encryption="SSE-C"),
        ObjectFacts(5, parts_etag(1000)),
        ObjectFacts(5, "anything else"),
    ],
)
def test_what_says_nothing_of_the_bytes_is_not_compared(facts: ObjectFacts) -> None:
    assert verifier(facts) is None
