"""Rows of a listing: compact storage, access, filtering."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.storage.listing import FolderCount, Item, Matches, ObjectListing, folder_counts, items_of
from jsft_tui.core.storage.uri import Entry, Page, S3Uri

ITEMS = st.builds(
    Item, st.text(min_size=1, max_size=12), st.none() | st.integers(0, 2**50), st.none() | st.floats(1, 2**40)
)


@given(st.lists(st.lists(ITEMS, max_size=4), max_size=6))
def test_what_goes_in_comes_out(pages: list[list[Item]]) -> None:
    listed = ObjectListing()
    for page in pages:
        listed.add(page)
    every = [item for page in pages for item in page]

    assert [listed.item(index) for index in range(len(listed))] == every
    assert [listed.name(index) for index in range(len(listed))] == [item.name for item in every]


def test_matches_take_in_what_comes_later() -> None:
    listed = ObjectListing()
    listed.add([Item("Rose-1.jpg", 1, 1.0), Item("tulip.jpg", 1, 1.0)])
    matches = Matches(listed, "JPG rose")
    matches.extend()
    assert [matches[n] for n in range(len(matches))] == [0]

    listed.add([Item("x", 1, 1.0), Item("old rose.jpg", 1, 1.0)])
    matches.extend()
    assert [matches[n] for n in range(len(matches))] == [0, 3]


@given(st.lists(st.lists(ITEMS, max_size=4), max_size=6), st.text(max_size=3), st.integers(0, 30))
def test_a_filter_finds_exactly_what_contains_its_words(pages: list[list[Item]], text: str, cut: int) -> None:
    listed, matches = ObjectListing(), None
    for number, page in enumerate(pages):
        listed.add(page)
        if number == cut % max(1, len(pages)):
            matches = Matches(listed, text)
            matches.extend()
    if matches is None:
        return
    matches.extend()
    words = text.casefold().split()
    names = [item.name.casefold() for page in pages for item in page]

    assert [matches[n] for n in range(len(matches))] == [
        index for index, name in enumerate(names) if all(word in name for word in words)
    ]


def test_a_filter_that_nobody_wants_any_more_ends() -> None:
    listed = ObjectListing()
    for _ in range(3):
        listed.add([Item("x", 1, 1.0)])
    matches = Matches(listed, "x")
    matches.extend(lambda: False)

    assert len(matches) == 1


def test_names_are_relative_and_the_folder_object_is_left_out() -> None:
    entries = [Entry(S3Uri("b", "a/"), 0), Entry(S3Uri("b", "a/x/")), Entry(S3Uri("b", "a/y"), 3)]

    assert [item.name for item in items_of(entries, "a/")] == ["x/", "y"]


@pytest.mark.parametrize("pages", [20, pytest.param(100, marks=pytest.mark.slow)])
def test_rows_take_little_memory(pages: int) -> None:
    tracemalloc.start()
    listed = ObjectListing()
    for page in range(pages):
        listed.add([Item(f"picture-{page:03}-{row:05}.jpg", row, 1.5e9) for row in range(1000)])
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert len(listed) == 1000 * pages
    assert used < 80_000 * pages  # as entries they would take more than 300 bytes each
    assert listed.name(14_321) == "picture-014-00321.jpg"


def test_files_of_folders_are_counted_where_a_listing_has_all_of_them() -> None:
    keys = ("d/a/", "d/a/1", "d/a/b/2", "d/c/3", "d/loose")
    entries = tuple(Entry(S3Uri("bucket", key), 1, float(number + 1)) for number, key in enumerate(keys))
    assert folder_counts(Page(entries), "d/") == {"a/": FolderCount(2, 3.0), "c/": FolderCount(1, 4.0)}
    assert folder_counts(Page(entries[:4], "more"), "d/") == {"a/": FolderCount(2, 3.0)}
