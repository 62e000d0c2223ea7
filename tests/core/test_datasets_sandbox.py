"""The linters over the datasets that the sandbox is seeded with, good ones and broken ones."""

from __future__ import annotations

import pytest

from jsft_tui.core.datasets.formats import data_format
from jsft_tui.core.findings import Level
from jsft_tui.core.tasks import Task
from tests.core.datasets import report, said

pytest.importorskip("numpy", reason="the sandbox's extra is not installed")
pytest.importorskip("PIL", reason="the sandbox's extra is not installed")

from jsft_tui.sandbox.seed.datasets.broken import broken_sets
from jsft_tui.sandbox.seed.datasets.fault import BrokenSet
from jsft_tui.sandbox.seed.datasets.images import shapes
from jsft_tui.sandbox.seed.datasets.text import services_csv

TASKS = {"Text classification": Task.TEXT_CLASSIFICATION, "Image classification": Task.IMAGE_CLASSIFICATION}
BROKEN = [broken for broken in broken_sets() if broken.task in TASKS]

EXPECTED = {
    "text-header": (Level.BLOCK, "data.csv line 1", "header"),
    "text-label-not-integer": (Level.BLOCK, "data.csv line 17", "'cat'"),
    "text-label-gap": (Level.BLOCK, "data.csv", "none with 2"),
    "text-one-class": (Level.BLOCK, "data.csv", "1 class"),
    "text-swapped-columns": (Level.BLOCK, "data.csv line 1", "swapped"),
    "text-latin-1": (Level.BLOCK, "data.csv line 5", "not UTF-8"),
    "text-empty": (Level.BLOCK, "data.csv", "is empty"),
    "text-no-data-csv": (Level.BLOCK, "train.csv", "must be named data.csv"),
    "text-unquoted-comma": (Level.WARN, "data.csv line 10", "3 columns"),
    "images-corrupt": (Level.BLOCK, "circles/circles-003.jpg", "not a JPEG or PNG"),
    "images-truncated": (Level.BLOCK, "squares/squares-005.jpg", "cut off"),
    "images-loose": (Level.WARN, "circles-000.jpg", "belongs to no class"),
    "images-empty-class": (Level.BLOCK, "triangles/", "is empty"),
    "images-nested": (Level.BLOCK, "photos/", "one level too deep"),
    "images-one-class": (Level.BLOCK, "circles/", "at least two"),
    "images-no-folders": (Level.BLOCK, "", "no folders"),
    "images-wrong-type": (Level.WARN, "circles/scan.tif", "is ignored"),
}


def test_every_broken_set_of_these_tasks_is_expected_to_be_found() -> None:
    assert {broken.name for broken in BROKEN} == set(EXPECTED)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_set_is_found_broken_where_it_is(broken: BrokenSet) -> None:
    level, place, message = EXPECTED[broken.name]
    found = report(TASKS[broken.task], broken.objects)
    assert found.verdict is level
    assert any(place in line and message in line for line in said(found, level)), said(found, level)


def test_the_good_sentences_pass() -> None:
    found = report(Task.TEXT_CLASSIFICATION, {"data.csv": services_csv()})
    assert found.verdict is Level.PASS
    assert said(found, Level.PASS) == ["data.csv 2,400 rows, 6 classes."]


def test_the_good_shapes_pass() -> None:
    found = report(Task.IMAGE_CLASSIFICATION, dict(shapes(per_class=20)))
    assert found.verdict is Level.PASS
    assert said(found, Level.PASS) == ["5 classes, 100 images; 100 of them looked into."]


@pytest.mark.parametrize("task", Task)
def test_every_task_says_what_it_wants_and_blocks_nothing_at_all(task: Task) -> None:
    assert data_format(task).summary.endswith(".")
    assert all(rule.endswith(".") for rule in data_format(task).rules)
    assert report(task, {}).verdict is Level.BLOCK


@pytest.mark.parametrize("task", [task for task in Task if data_format(task).linter is None])
def test_a_task_without_a_linter_warns_that_nothing_was_looked_into(task: Task) -> None:
    found = report(task, {"something.bin": b"x"})
    assert found.verdict is Level.WARN
    assert found.sampled
    assert found.bytes_read == 0
