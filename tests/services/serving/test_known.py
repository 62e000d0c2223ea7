"""Endpoints are remembered by several jsft on one home, and a damaged file is none."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from jsft_tui.core.serving.life.known import KnownEndpoint
from jsft_tui.services.serving.known import KnownEndpoints

NOW = 1_800_000_000.0


def names(file: Path) -> set[str]:
    return {each.name for each in KnownEndpoints(file).read()}


def test_what_several_add_at_once_is_all_there(tmp_path: Path) -> None:
    file = tmp_path / "state" / "known.json"
    start = threading.Barrier(8)

    def add(number: int) -> None:
        start.wait()
        KnownEndpoints(file).add(KnownEndpoint(f"e{number}", 1.0), NOW)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names(file) == {f"e{number}" for number in range(8)}


def test_a_list_that_was_asked_for_before_does_not_take_away_what_was_added_since(tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    KnownEndpoints(file).add(KnownEndpoint("old", 1.0), NOW - 1)
    KnownEndpoints(file).add(KnownEndpoint("new", 1.0), NOW + 2)

    KnownEndpoints(file).learn([], {}, {}, NOW)

    assert names(file) == {"new"}
    KnownEndpoints(file).forget("new")
    assert names(file) == set()


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "{}",
        "[1]",
        '[{"name": "a", "usd_per_hour": "much"}]',
        '[{"name": "a", "expires": NaN}]',
        '[{"usd_per_hour": 1}]',
        "[" * 100_000,
    ],
    ids=["cut", "object", "number", "text", "nan", "no name", "deep"],
)
def test_a_damaged_file_warns_of_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "known.json"
    file.write_text(text)
    assert KnownEndpoints(file).warning(NOW) == ""


def test_a_file_of_another_version_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    file.write_text('[{"name": "a", "usd_per_hour": 1.5, "of a later version": 1}]')
    assert KnownEndpoints(file).warning(NOW) == "1 endpoint, $1.50/h"
