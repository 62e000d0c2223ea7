"""Judge records of reinforcement learning: a prompt, and what its answers are scored by (verl's format).

Source: `sagemaker.ai_registry` (sagemaker-train 1.27) and developer guide, customizing-models-rft.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.customization.messages import Flaw, messages_flaw
from jsft_tui.core.datasets.customization.record_form import RecordForm
from jsft_tui.core.datasets.customization.records import Flaws, RecordRule, record_format
from jsft_tui.core.datasets.parsers.json_text import shown

SUMMARY = "JSON lines with a prompt and how its answers are scored (verl's format)."
RULES = (
    "One *.jsonl file, or several under the prefix.",
    '{"data_source": "…", "prompt": [{"role": "user", "content": "…"}], "ability": "…", "reward_model": '
    '{"style": "rule", "ground_truth": "…"}}.',
    "prompt is a list of messages that ends with the user; extra_info is optional.",
)
SAMPLE = Sample(
    "JSON lines, one prompt a line",
    (
        '{"data_source": "mine", "ability": "math",',
        ' "prompt": [{"role": "user", "content": "1+1?"}],',
        ' "reward_model": {"ground_truth": "2"}}',
    ),
    "prompt is a list of messages that ends with the user",
    '{"data_source": "mine", "prompt": [...], "ability": "math", "reward_model": {"ground_truth": "2"}}',
)
WANTED = "data_source, prompt (messages), ability and reward_model"
NEEDED = {"data_source": Level.BLOCK, "ability": Level.WARN}
"""verl's reward managers read the data source of every record; nothing reads the ability, which the guide names."""


def reward_format(technique: Technique, flaws: Flaws) -> DataFormat:
    """Return the format of a technique of reinforcement learning; `flaws` judges its records."""
    rule = RecordRule(WANTED, technique, {RecordForm.REWARD}, flaws)
    return record_format(rule, SUMMARY, RULES, SAMPLE, "prompt, reward_model")


def reward_flaws(fields: Mapping[str, object], *, needs_truth: bool) -> Iterator[Flaw]:
    """Yield what is wrong with a record.

    Args:
        fields: the record.
        needs_truth: whether answers are compared with a ground truth (RLVR).
    """
    yield from (Flaw(f"has no {name}", level) for name, level in NEEDED.items() if name not in fields)
    prompt, model = fields["prompt"], fields["reward_model"]
    if isinstance(prompt, str) and prompt.strip():
        # `schemas/verl.json` of the SDK calls it the legacy format.
        yield Flaw("prompt is a text; documented is a list of messages", Level.WARN)
    elif found := messages_flaw(prompt, ends_with="user"):
        yield found.of("prompt")
    if not isinstance(model, dict):
        yield Flaw(f"reward_model is {shown(model)}; it must be an object with style and ground_truth")
    elif needs_truth and "ground_truth" not in model:
        yield Flaw("reward_model has no ground_truth")
