"""The linters on the datasets of the sandbox, good ones and broken ones."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.registry import data_format
from tests.core.datasets.examples import assert_finds, assert_passes, report

pytest.importorskip("numpy", reason="the sandbox's extra is not installed")
pytest.importorskip("PIL", reason="the sandbox's extra is not installed")

from jsft_tui.sandbox.seed.base import locations
from jsft_tui.sandbox.seed.datasets import tabular
from jsft_tui.sandbox.seed.datasets.broken import broken_datasets
from jsft_tui.sandbox.seed.datasets.broken_dataset import BrokenDataset
from jsft_tui.sandbox.seed.datasets.formats import examples
from jsft_tui.sandbox.seed.datasets.images import shapes
from jsft_tui.sandbox.seed.datasets.text import services_csv
from jsft_tui.sandbox.seed.models import MODELS, Model
from jsft_tui.sandbox.seed.specs import spec

BLOCK, WARN = Level.BLOCK, Level.WARN
BROKEN = broken_datasets()


def language(instruction_tuned: str, chat_dataset: str) -> DataQuestion:
    values = {"instruction_tuned": instruction_tuned, "chat_dataset": chat_dataset}
    return DataQuestion(Task.TEXT_GENERATION, "huggingface-llm-mistral-7b", values)


QUESTIONS = {
    "Text classification": DataQuestion(Task.TEXT_CLASSIFICATION),
    "Image classification": DataQuestion(Task.IMAGE_CLASSIFICATION),
    "Object detection": DataQuestion(Task.OBJECT_DETECTION),
    "Semantic segmentation": DataQuestion(Task.SEMANTIC_SEGMENTATION),
    "Sentence pair classification": DataQuestion(Task.SENTENCE_PAIR),
    "Question answering": DataQuestion(Task.QUESTION_ANSWERING),
    "Tabular classification": DataQuestion(Task.TABULAR_CLASSIFICATION, "sklearn-classification-linear"),
    "Instruction tuning": language("True", "False"),
    "Chat tuning": language("False", "True"),
    "Domain adaptation": language("False", "False"),
    "Text to image": DataQuestion(Task.TEXT_TO_IMAGE),
}

EXPECTED = {
    "text-header": (BLOCK, "data.csv line 1", "header"),
    "text-label-not-integer": (BLOCK, "data.csv line 17", "'cat'"),
    "text-label-gap": (BLOCK, "data.csv", "none with 2"),
    "text-one-class": (BLOCK, "data.csv", "1 class"),
    "text-swapped-columns": (BLOCK, "data.csv line 1", "swapped"),
    "text-latin-1": (BLOCK, "data.csv line 5", "not UTF-8"),
    "text-empty": (BLOCK, "data.csv", "is empty"),
    "text-no-data-csv": (BLOCK, "train.csv", "must be named data.csv"),
    "text-unquoted-comma": (BLOCK, "data.csv line 10", "3 columns"),
    "pairs-label-two": (BLOCK, "data.csv line 7", "label 2; only 0 and 1"),
    "questions-answer-outside": (BLOCK, "data.csv line 3", "500 to 520"),
    "points-not-numeric": (BLOCK, "train/data.csv line 12", "'unknown' in column 4"),
    "points-target-last": (BLOCK, "train/data.csv line 1", "must be in the first"),
    "images-corrupt": (BLOCK, "circles/circles-003.jpg", "not a JPEG or PNG"),
    "images-truncated": (BLOCK, "squares/squares-005.jpg", "cut off"),
    "images-loose": (WARN, "circles-000.jpg", "belongs to no class"),
    "images-empty-class": (BLOCK, "triangles/", "is empty"),
    "images-nested": (BLOCK, "photos/", "one level too deep"),
    "images-one-class": (BLOCK, "circles/", "at least two"),
    "images-no-folders": (BLOCK, "", "no folders"),
    "images-wrong-type": (WARN, "circles/scan.tif", "is not a .jpg, .jpeg or .png image"),
    "boxes-coco": (BLOCK, "annotations.json annotations[0]", "COCO's [x, y, width, height]"),
    "boxes-missing-image": (BLOCK, "annotations.json images[4]", "images/004.jpg, which does not exist"),
    "boxes-no-annotations": (BLOCK, "", "no annotations.json"),
    "masks-missing": (BLOCK, "images/007.png", "masks/007.png is missing"),
    "instructions-wrong-keys": (BLOCK, "train.jsonl line 1", "it has question, answer"),
    "instructions-unknown-placeholder": (BLOCK, "train.jsonl line 1", "'input', which template.json requires"),
    "instructions-not-json": (BLOCK, "train.jsonl line 4", "is not JSON"),
    "dialogs-roles": (BLOCK, "train.jsonl line 11", "starts with the assistant"),
    "prose-two-files": (BLOCK, "", "a.txt and b.txt"),
    "pictures-no-prompt": (BLOCK, "dataset_info.json", "no instance_prompt"),
}


def test_every_broken_set_is_expected_to_be_found() -> None:
    assert {broken.name for broken in BROKEN} == set(EXPECTED)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_set_is_found_broken_where_it_is(broken: BrokenDataset) -> None:
    level, place, message = EXPECTED[broken.name]
    assert_finds(report(QUESTIONS[broken.task], broken.objects), level, place, message)


@pytest.fixture(scope="module")
def default_datasets() -> Mapping[str, Mapping[str, bytes]]:
    """Key prefix in the content bucket -> the objects under it."""
    return {
        **examples(),
        locations.SHAPES: dict(shapes(per_class=10)),
        locations.SERVICES: {"data.csv": services_csv()},
        locations.POINTS: tabular.points(),
        locations.POINTS_REGRESSION: tabular.regression_points(),
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.model_id)
def test_the_default_dataset_of_every_model_passes(
    model: Model, default_datasets: Mapping[str, Mapping[str, bytes]]
) -> None:
    """With the model's default hyperparameters, as a run without any of its own has them."""
    known = ModelSpec.parse(spec(model, model.releases[0], "us-west-2"))
    found = report(DataQuestion.of(known), default_datasets[known.default_dataset_key])
    assert_passes(found)


@pytest.mark.parametrize("task", Task)
def test_every_task_says_what_it_wants_and_blocks_nothing_at_all(task: Task) -> None:
    assert data_format(task).summary.endswith(".")
    assert all(rule.endswith(".") for rule in data_format(task).rules)
    assert report(task, {}).verdict is BLOCK


def test_every_task_that_is_fine_tuned_has_a_linter() -> None:
    """All but instance segmentation, which has no documented format, and tasks that have no fine-tuning."""
    without = {task for task in Task if data_format(task).linter is None}
    assert without == {
        Task.INSTANCE_SEGMENTATION,
        Task.IMAGE_EMBEDDING,
        Task.TEXT_EMBEDDING,
        Task.NAMED_ENTITY_RECOGNITION,
        Task.SUMMARIZATION,
        Task.TRANSLATION,
        Task.OTHER,
    }


@pytest.mark.parametrize("task", [task for task in Task if data_format(task).linter is None])
def test_a_task_without_a_linter_warns_that_nothing_was_looked_into(task: Task) -> None:
    found = report(task, {"something.bin": b"x"})
    assert_finds(found, WARN, "no format is documented")
    assert found.sampled
    assert found.bytes_read == 0
