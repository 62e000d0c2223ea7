"""Check data of direct preference optimization. Source: developer guide, customizing-models-dpo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.data_format import Sample
from jsft_tui.core.datasets.customization.messages import Flaw, messages_flaw, text_flaw
from jsft_tui.core.datasets.customization.record_form import RecordForm
from jsft_tui.core.datasets.customization.records import RecordRule, record_format

SUMMARY = "JSON lines with prompt, chosen and rejected."
RULES = (
    "One *.jsonl file, or several under the prefix.",
    'prompt, chosen and rejected, strings: {"prompt": "…", "chosen": "…", "rejected": "…"}.',
    "chosen and rejected may be lists of messages instead; they differ from each other.",
)

SAMPLE = Sample(
    "JSON lines, one preference a line",
    (
        '{"prompt": "1+1?",',
        ' "chosen": "2",',
        ' "rejected": "3"}',
    ),
    "chosen and rejected may be lists of messages",
    '{"prompt": "1+1?", "chosen": "2", "rejected": "3"}',
)


def flaws(fields: Mapping[str, object]) -> Iterator[Flaw]:
    """Yield what is wrong with a record."""
    yield from _prompt_flaws(fields)
    for name in ("chosen", "rejected"):
        value = fields[name]
        found = messages_flaw(value, ends_with="assistant") if isinstance(value, list) else text_flaw(value)
        if found:
            yield found.of(name)
    if fields["chosen"] == fields["rejected"]:
        yield Flaw("chosen and rejected are the same, so there is nothing to learn from them", Level.WARN)


def _prompt_flaws(fields: Mapping[str, object]) -> Iterator[Flaw]:
    if "prompt" in fields:
        value = fields["prompt"]
        if found := messages_flaw(value) if isinstance(value, list) else text_flaw(value):
            yield found.of("prompt")
    elif "input" in fields:
        # `schemas/hf_preference.json` of the SDK calls it an alternative.
        yield Flaw("has input instead of prompt; documented is prompt", Level.WARN)
    elif not all(isinstance(fields[name], list) for name in ("chosen", "rejected")):
        yield Flaw("has no prompt")


RULE = RecordRule("prompt, chosen and rejected", Technique.DPO, {RecordForm.PREFERENCE}, flaws)
FORMAT = record_format(RULE, SUMMARY, RULES, SAMPLE, "chosen and rejected")
