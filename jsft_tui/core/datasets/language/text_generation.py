"""Text generation: instructions, dialogs or plain text, as the model's hyperparameters say.

Source: developer guide, jumpstart-foundation-models-fine-tuning: chat is (instruction_tuned False, chat_dataset True),
instructions (True, False), domain adaptation (False, False).
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.datasets.base.data_format import DataFormat
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, block, warn
from jsft_tui.core.datasets.language.dialogs import lint_dialogs
from jsft_tui.core.datasets.language.domain_adaptation import EXTENSIONS, lint_text
from jsft_tui.core.datasets.language.instructions import lint_instructions
from jsft_tui.core.datasets.language.jsonl_files import jsonl_files
from jsft_tui.core.datasets.language.prompt_template import INSTRUCTION
from jsft_tui.core.datasets.language.vision_language import is_vision_language, lint_captions
from jsft_tui.core.datasets.vision.image_samples import extension

SUMMARY = "JSON lines: instructions (with template.json), dialogs, or one text file for domain adaptation."
RULES = (
    "Instructions: *.jsonl, and template.json with prompt and completion; without it each line needs "
    "instruction, context and response.",
    "Chat: *.jsonl with dialog, messages or conversations, roles in turn.",
    "Domain adaptation: exactly one .txt, .csv or .json file; column text, else the first.",
    "Vision-language models: images/ and metadata.jsonl with file_name, prompt and completion.",
    "instruction_tuned and chat_dataset say which of the three it is.",
)


def lint(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about data for a language model."""
    instructions, chat = question.says("instruction_tuned"), question.says("chat_dataset")
    if is_vision_language(question.model_id):
        yield from lint_captions(data)
    elif instructions and chat:
        yield block("", "instruction_tuned and chat_dataset are both True; which of the two is the data?")
    elif chat:
        yield from lint_dialogs(data)
    elif instructions:
        yield from lint_instructions(data, INSTRUCTION)
    elif question.hyperparameters:
        yield from lint_text(data)
    else:
        yield from _undecided(data)


def _undecided(data: BudgetedDataset) -> Iterator[LintFinding]:
    """Of a model that is not known the data itself has to say what it is."""
    listing = data.listing()
    if any(extension(item.name) in EXTENSIONS for item in listing.objects) and not jsonl_files(listing):
        yield from lint_text(data)
    else:
        yield warn("", "is judged as instructions: no hyperparameters say whether it is that, or dialogs.")
        yield from lint_instructions(data, INSTRUCTION)


FORMAT = DataFormat(Task.TEXT_GENERATION, SUMMARY, RULES, lint)
