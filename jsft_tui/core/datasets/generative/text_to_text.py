"""Check data for text to text (FLAN-T5): *.jsonl files, and a template for the prompt and completion of each line.

The sources disagree on the default template: AWS's notebook says prompt and completion, the developer guide (for all
models) instruction, context and response. Lines that fit only the latter are a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.base.needs import always
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding
from jsft_tui.core.datasets.generative.instructions import lint_instructions
from jsft_tui.core.datasets.generative.line_needs import instruction_needs
from jsft_tui.core.datasets.generative.prompt_template import INSTRUCTION, PROMPT_COMPLETION

SUMMARY = "JSON lines with prompt and completion, or template.json that builds them."
RULES = (
    "One or more *.jsonl files.",
    "template.json has exactly the keys prompt and completion, strings with {fields}.",
    "Every line has every placeholder of template.json.",
)


def lint(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about text-to-text data."""
    return lint_instructions(data, question, PROMPT_COMPLETION, also=INSTRUCTION)


SAMPLE = Sample(
    "JSON lines, one example a line",
    (
        '{"prompt": "In French: hello",',
        ' "completion": "bonjour"}',
    ),
    "*.jsonl, or template.json that builds them",
    '{"prompt": "In French: hello", "completion": "bonjour"}',
)
FORMAT = DataFormat(Task.TEXT_TO_TEXT, SUMMARY, RULES, lint, SAMPLE, always(*instruction_needs(PROMPT_COMPLETION)))
