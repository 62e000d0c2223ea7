"""Check data of supervised fine-tuning. Source: developer guide, customizing-models-sft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.datasets.base.data_format import Sample
from jsft_tui.core.datasets.customization.messages import Flaw, messages_flaw, text_flaw
from jsft_tui.core.datasets.customization.record_form import RecordForm, form_of
from jsft_tui.core.datasets.customization.records import RecordRule, record_format

SUMMARY = "JSON lines with messages, or with prompt and completion."
RULES = (
    "One *.jsonl file, or several under the prefix.",
    'messages: {"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}.',
    'or prompt and completion, strings: {"prompt": "…", "completion": "…"}; "system" is optional.',
    "All records have the same form; a dialog ends with the assistant.",
)

SAMPLE = Sample(
    "JSON lines, one dialog a line",
    (
        '{"messages": [',
        '  {"role": "user", "content": "1+1?"},',
        '  {"role": "assistant", "content": "2"}]}',
    ),
    "or prompt and completion; the same form in all lines",
    '{"messages": [{"role": "user", "content": "1+1?"}, {"role": "assistant", "content": "2"}]}',
)


def flaws(fields: Mapping[str, object]) -> Iterator[Flaw]:
    """Yield what is wrong with a record."""
    if form_of(fields) is RecordForm.MESSAGES:
        if found := messages_flaw(fields["messages"], ends_with="assistant"):
            yield found.of("messages")
        return
    for name in ("prompt", "completion"):
        if found := text_flaw(fields[name]):
            yield found.of(name)


RULE = RecordRule(
    "messages, or prompt and completion", Technique.SFT, {RecordForm.MESSAGES, RecordForm.PROMPT_COMPLETION}, flaws
)
FORMAT = record_format(RULE, SUMMARY, RULES, SAMPLE, "messages or prompt")
