"""Check data for text generation: instructions, dialogs or plain text, depending on the hyperparameters.

Source: developer guide, jumpstart-foundation-models-fine-tuning: chat is (instruction_tuned False, chat_dataset True),
instructions (True, False), domain adaptation (False, False).
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.base.needs import Need
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, block, warn
from jsft_tui.core.datasets.generative.dialogs import lint_dialogs
from jsft_tui.core.datasets.generative.domain_adaptation import EXTENSIONS, ONE_FILE, TEXT, lint_text
from jsft_tui.core.datasets.generative.instructions import lint_instructions
from jsft_tui.core.datasets.generative.jsonl_files import jsonl_files
from jsft_tui.core.datasets.generative.line_needs import dialog_needs, instruction_needs
from jsft_tui.core.datasets.generative.prompt_template import INSTRUCTION
from jsft_tui.core.datasets.generative.vision_language import caption_needs, is_vision_language, lint_captions
from jsft_tui.core.datasets.vision.images.readers import extension

SUMMARY = "JSON lines: instructions (with template.json), dialogs, or one text file for domain adaptation."
RULES = (
    "Instructions: *.jsonl, and template.json with prompt and completion; without it each line needs "
    "instruction, context and response.",
    "Chat: *.jsonl with dialog, messages or conversations, alternating roles.",
    "Domain adaptation: exactly one .txt, .csv or .json file; column text, or else the first.",
    "Vision-language models: images/ and metadata.jsonl with file_name, prompt and completion.",
    "instruction_tuned and chat_dataset select one of the three.",
)


def lint(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about data for a language model."""
    instructions, chat = question.says("instruction_tuned"), question.says("chat_dataset")
    if is_vision_language(question.model_id):
        yield from lint_captions(data)
    elif instructions and chat:
        yield block("", "instruction_tuned and chat_dataset are both True; only one of them can apply.")
    elif chat:
        yield from lint_dialogs(data, question)
    elif instructions:
        yield from lint_instructions(data, question, INSTRUCTION)
    elif question.hyperparameters:
        yield from lint_text(data)
    else:
        yield from _undecided(data, question)


def _undecided(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Check data for an unknown model by the form that the data itself has."""
    listing = data.listing()
    if any(extension(item.name) in EXTENSIONS for item in listing.objects) and not jsonl_files(listing):
        yield from lint_text(data)
    else:
        yield warn("", "was checked as instructions: no hyperparameters tell whether it is that, or dialogs.")
        yield from lint_instructions(data, question, INSTRUCTION)


SAMPLE = Sample(
    "JSON lines, one example a line",
    (
        '{"instruction": "Sum it up.",',
        ' "context": "We met on …",',
        ' "response": "Three points: …"}',
    ),
    "or dialogs, or one text file",
    '{"instruction": "Sum it up.", "context": "…", "response": "…"}',
)


def needs(question: DataQuestion) -> tuple[Need, ...]:
    """Return what the model needs, which its hyperparameters decide."""
    if is_vision_language(question.model_id):
        return caption_needs()
    if question.says("chat_dataset"):
        return dialog_needs()
    if question.says("instruction_tuned") or not question.hyperparameters:
        return instruction_needs(INSTRUCTION)
    return ONE_FILE, TEXT


FORMAT = DataFormat(Task.TEXT_GENERATION, SUMMARY, RULES, lint, SAMPLE, needs)
