"""What each fine-tunable task wants as data, in words (jumpstart-facts §3.1 and §2.3, from the developer guide)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, Linter, LintFinding, LintReport, block, warn
from jsft_tui.core.datasets.language import text_generation, text_to_text
from jsft_tui.core.datasets.tabular import checks as tabular
from jsft_tui.core.datasets.text import question_answering, sentence_pair, sentence_similarity, text_classification
from jsft_tui.core.datasets.vision import image_classification, object_detection, semantic_segmentation, text_to_image

ModelLinter = Callable[[BudgetedDataset, DataQuestion], Iterator[LintFinding]]
"""Finds what is wrong for a certain model."""


def _for_any_model(linter: Linter) -> ModelLinter:
    return lambda data, _: linter(data)


@dataclass(frozen=True)
class DataFormat:
    """The data format of a task.

    Attributes:
        task: the task.
        summary: one sentence.
        rules: what has to hold, a sentence each.
        linter: finds what is wrong; None while there is none for this task.
    """

    task: Task
    summary: str
    rules: tuple[str, ...]
    linter: ModelLinter | None = None


_FORMATS = (
    DataFormat(
        Task.IMAGE_CLASSIFICATION,
        image_classification.SUMMARY,
        image_classification.RULES,
        _for_any_model(image_classification.lint),
    ),
    DataFormat(
        Task.TEXT_CLASSIFICATION,
        text_classification.SUMMARY,
        text_classification.RULES,
        _for_any_model(text_classification.lint),
    ),
    DataFormat(
        Task.OBJECT_DETECTION,
        object_detection.SUMMARY,
        object_detection.RULES,
        _for_any_model(object_detection.lint),
    ),
    DataFormat(
        Task.SEMANTIC_SEGMENTATION,
        semantic_segmentation.SUMMARY,
        semantic_segmentation.RULES,
        _for_any_model(semantic_segmentation.lint),
    ),
    DataFormat(
        Task.INSTANCE_SEGMENTATION,
        "AWS documents no data format for instance segmentation; see the model's own description.",
        ("The default dataset of these models is PennFudanPed: pedestrians with masks.",),
    ),
    DataFormat(
        Task.SENTENCE_PAIR,
        sentence_pair.SUMMARY,
        sentence_pair.RULES,
        _for_any_model(sentence_pair.lint),
    ),
    DataFormat(
        Task.QUESTION_ANSWERING,
        question_answering.SUMMARY,
        question_answering.RULES,
        _for_any_model(question_answering.lint),
    ),
    DataFormat(
        Task.SENTENCE_SIMILARITY,
        sentence_similarity.SUMMARY,
        sentence_similarity.RULES,
        _for_any_model(sentence_similarity.lint),
    ),
    DataFormat(Task.TABULAR_CLASSIFICATION, tabular.CLASSIFICATION_SUMMARY, tabular.RULES, tabular.lint),
    DataFormat(Task.TABULAR_REGRESSION, tabular.REGRESSION_SUMMARY, tabular.RULES, tabular.lint),
    DataFormat(Task.TEXT_GENERATION, text_generation.SUMMARY, text_generation.RULES, text_generation.lint),
    DataFormat(Task.TEXT_TO_TEXT, text_to_text.SUMMARY, text_to_text.RULES, _for_any_model(text_to_text.lint)),
    DataFormat(Task.TEXT_TO_IMAGE, text_to_image.SUMMARY, text_to_image.RULES, text_to_image.lint),
)
_BY_TASK = {data_format.task: data_format for data_format in _FORMATS}


def data_format(task: Task) -> DataFormat:
    """The data format of a task."""
    return _BY_TASK.get(task) or DataFormat(task, "See the model's own description.", ())


def lint(question: DataQuestion, data: BudgetedDataset) -> LintReport:
    """Look at a dataset for a task and a model, and report all that is found, worst first."""
    linter = data_format(question.task).linter or _for_any_model(_unread)
    root = data.listing()
    if root.prefixes or any(not item.name.endswith("/") for item in root.objects):
        findings = sorted(linter(data, question), key=lambda finding: finding.level.badness)
    else:
        findings = [block("", "there is nothing under the prefix.")]
    return LintReport(tuple(findings), data.objects, data.bytes_read, data.sampled, data.folders)


def _unread(data: BudgetedDataset) -> Iterator[LintFinding]:
    """Of a task without a documented format nothing can be said."""
    data.sampled = True
    yield warn("", "no format is documented for this task's data; it was only seen that there is some.")
