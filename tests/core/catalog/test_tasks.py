"""What a model id says of its model's task."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import jsft_tui.core.catalog.task as task_module
from jsft_tui.core.catalog.task import Task, find_task, framework_and_task
from jsft_tui.core.datasets.registry import data_formats
from tests.common.shared_data import load, needs_shared_data


@pytest.mark.parametrize(
    ("model_id", "framework", "task"),
    [
        ("tensorflow-ic-bit-m-r101x1-ilsvrc2012-classification-1", "tensorflow", Task.IMAGE_CLASSIFICATION),
        ("pytorch-ic-mobilenet-v2", "pytorch", Task.IMAGE_CLASSIFICATION),
        ("mxnet-semseg-fcn-resnet50-ade", "mxnet", Task.SEMANTIC_SEGMENTATION),
        ("tensorflow-od1-ssd-resnet50-v1-fpn-640x640-coco17-tpu-8", "tensorflow", Task.OBJECT_DETECTION),
        ("huggingface-spc-bert-base-cased", "huggingface", Task.SENTENCE_PAIR),
        ("tensorflow-tc-bert-en-uncased-L-12-H-768-A-12-2", "tensorflow", Task.TEXT_CLASSIFICATION),
        ("pytorch-eqa-bert-base-cased", "pytorch", Task.QUESTION_ANSWERING),
        ("huggingface-text2text-flan-t5-base", "huggingface", Task.TEXT_TO_TEXT),
        ("meta-textgeneration-llama-2-7b", "meta", Task.TEXT_GENERATION),
        ("meta-textgenerationneuron-llama-2-7b", "meta", Task.TEXT_GENERATION),
        ("huggingface-llm-gemma-2b-instruct", "huggingface", Task.TEXT_GENERATION),
        ("lightgbm-classification-model", "lightgbm", Task.TABULAR_CLASSIFICATION),
        ("catboost-regression-model", "catboost", Task.TABULAR_REGRESSION),
        ("model-txt2img-stabilityai-stable-diffusion-v2-1-base", "model", Task.TEXT_TO_IMAGE),
        ("tensorflow-icembedding-bit", "tensorflow", Task.IMAGE_EMBEDDING),
        ("something-else", "something", Task.OTHER),
        ("word", "word", Task.OTHER),
        ("", "", Task.OTHER),
    ],
)
def test_the_id_names_framework_and_task(model_id: str, framework: str, task: Task) -> None:
    assert framework_and_task(model_id) == (framework, task)


@needs_shared_data
def test_every_fine_tunable_model_has_a_task_but_the_one_that_fills_masks() -> None:
    fine_tunable = [row["model_id"] for row in load("models_table_2025-06-23.json") if row["fine_tunable"]]
    without = [model_id for model_id in fine_tunable if framework_and_task(model_id)[1] is Task.OTHER]
    assert len(fine_tunable) == 423
    assert without == ["huggingface-fillmask-bert-base-uncased"]


@pytest.mark.parametrize("task", [task for task in Task if task is not Task.OTHER])
def test_a_task_is_found_by_its_name_its_words_and_its_short_form(task: Task) -> None:
    for word in (task.value, task.label, task.label.title(), task.value.replace("-", "_"), f" {task.abbreviation} "):
        assert find_task(word) is task


def test_no_two_tasks_share_a_short_form() -> None:
    assert len({task.abbreviation for task in Task}) == len(Task)


def test_a_word_that_names_no_task_finds_none() -> None:
    assert find_task("flowers") is None
    assert find_task("") is None


def test_no_two_tasks_share_a_part_of_the_model_id() -> None:
    infixes = [infix for task in Task for infix in task.info.infixes]
    assert len(set(infixes)) == len(infixes)


def test_what_depends_on_a_task_is_in_its_row() -> None:
    """Outside the table, a task is named only where the format of its data is declared; all recipes share one place."""
    named = re.compile(r"\bTask\.[A-Z]\w+")
    product = Path(task_module.__file__).parents[2]
    elsewhere = [
        f"{path.relative_to(product)}: {line.strip()}"
        for path in sorted(product.rglob("*.py"))
        if path != Path(task_module.__file__)
        for line in path.read_text(encoding="utf-8").splitlines()
        if named.search(line)
    ]
    declaration = re.compile(r"core/datasets/\w+/\w+\.py: ((FORMAT =|return) DataFormat\()?Task\..*")
    formats = [line for line in elsewhere if declaration.fullmatch(line)]
    assert elsewhere == formats
    assert len(formats) == len(data_formats()) + 1
