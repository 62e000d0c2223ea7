"""What each fine-tunable task wants as data, in words (jumpstart-facts §3.1 and §2.3, from the developer guide)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jsft_tui.core.datasets import image_classification, text_classification
from jsft_tui.core.datasets.reader import (
    BudgetedDataset,
    Linter,
    LintFinding,
    LintReport,
    block,
    warn,
)
from jsft_tui.core.tasks import Task


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
    linter: Linter | None = None


_TABULAR_RULES = (
    "CSV files without a header; the first column is the target, the others are features.",
    "In one file, or in the folders train/ (or training/) and validation/.",
    "LightGBM, CatBoost, TabTransformer, AutoGluon: categorical columns may be named in categorical_index.json.",
    "XGBoost and linear models: every feature is a number.",
)

_FORMATS = (
    DataFormat(
        Task.IMAGE_CLASSIFICATION,
        image_classification.SUMMARY,
        image_classification.RULES,
        image_classification.lint,
    ),
    DataFormat(
        Task.TEXT_CLASSIFICATION, text_classification.SUMMARY, text_classification.RULES, text_classification.lint
    ),
    DataFormat(
        Task.OBJECT_DETECTION,
        "A folder images/ and annotations.json with boxes as [xmin, ymin, xmax, ymax].",
        (
            "images/ holds .png, .jpg or .jpeg files.",
            "annotations.json: images [{file_name, height, width, id}], annotations [{image_id, bbox, category_id}].",
            "bbox is [xmin, ymin, xmax, ymax], not COCO's [x, y, width, height].",
        ),
    ),
    DataFormat(
        Task.SEMANTIC_SEGMENTATION,
        "Folders images/ and masks/ with the same names, and class_label_to_prediction_index.json.",
        ("Each mask holds the class number of each pixel.", "Only the head of the network is trained."),
    ),
    DataFormat(
        Task.SENTENCE_PAIR,
        "data.csv without a header: label 0 or 1, first sentence, second sentence.",
        ("One file named data.csv directly under the prefix.", "No header row.", "The label is 0 or 1."),
    ),
    DataFormat(
        Task.QUESTION_ANSWERING,
        "data.csv without a header: question, context, start and end of the answer as character positions.",
        ("No header row.", "Start and end are whole numbers inside the context."),
    ),
    DataFormat(
        Task.SENTENCE_SIMILARITY,
        "data.csv without a header: a unique id, then the text.",
        ("No header row.", "No id stands twice."),
    ),
    DataFormat(Task.TABULAR_CLASSIFICATION, "CSV without a header, the class in the first column.", _TABULAR_RULES),
    DataFormat(Task.TABULAR_REGRESSION, "CSV without a header, the target in the first column.", _TABULAR_RULES),
    DataFormat(
        Task.TEXT_GENERATION,
        "JSON lines: instructions (with template.json), dialogs, or one text file for domain adaptation.",
        (
            "Instructions: *.jsonl, and template.json with prompt and completion; without it each line needs "
            "instruction, context and response.",
            "Chat: *.jsonl with dialog, messages or conversations, roles in turn.",
            "Domain adaptation: exactly one .txt, .csv or .json file; column text, else the first.",
            "instruction_tuned and chat_dataset say which of the three it is.",
        ),
    ),
    DataFormat(
        Task.TEXT_TO_TEXT,
        "JSON lines with prompt and completion, or template.json that says how they are made.",
        ("One or more *.jsonl files.", "Every placeholder of template.json stands in every line."),
    ),
    DataFormat(
        Task.TEXT_TO_IMAGE,
        "Images and dataset_info.json with instance_prompt.",
        ("At least five .png, .jpg or .jpeg images.", "class_prompt is needed with prior preservation only."),
    ),
)
_BY_TASK = {data_format.task: data_format for data_format in _FORMATS}


def data_format(task: Task) -> DataFormat:
    """The data format of a task."""
    return _BY_TASK.get(task) or DataFormat(task, "See the model's own description.", ())


def lint(task: Task, data: BudgetedDataset) -> LintReport:
    """Look at a dataset for a task and report all that is found, worst first."""
    linter = data_format(task).linter or _unread
    root = data.listing()
    if root.prefixes or any(not item.name.endswith("/") for item in root.objects):
        findings = sorted(linter(data), key=lambda finding: finding.level.badness)
    else:
        findings = [block("", "there is nothing under the prefix.")]
    return LintReport(tuple(findings), data.objects, data.bytes_read, data.sampled)


def _unread(data: BudgetedDataset) -> Iterator[LintFinding]:
    data.sampled = True
    yield warn("", "the format of this task's data is not looked into; only that there is some.")
