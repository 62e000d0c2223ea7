"""Text to text (FLAN-T5): *.jsonl files, and a template that makes a prompt and a completion of each line.

The sources disagree on the template that holds where the dataset has none: AWS's notebook says prompt and completion,
the developer guide (for all models) instruction, context and response. Lines that fit the latter only are a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.datasets.base.data_format import DataFormat
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding
from jsft_tui.core.datasets.language.instructions import lint_instructions
from jsft_tui.core.datasets.language.prompt_template import INSTRUCTION, PROMPT_COMPLETION

SUMMARY = "JSON lines with prompt and completion, or template.json that says how they are made."
RULES = (
    "One or more *.jsonl files.",
    "template.json has exactly the keys prompt and completion, texts with {fields}.",
    "Every placeholder of template.json stands in every line.",
)


def lint(data: BudgetedDataset, _question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about text-to-text data."""
    return lint_instructions(data, PROMPT_COMPLETION, also=INSTRUCTION)


FORMAT = DataFormat(Task.TEXT_TO_TEXT, SUMMARY, RULES, lint)
