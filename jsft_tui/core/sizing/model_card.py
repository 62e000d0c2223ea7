"""The card of a model: its data format, the meaning of its batch size, its instance types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from jsft_tui.core.catalog.spec import ModelCard, ModelSpec
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.registry import data_format
from jsft_tui.core.hyperparameters.batch import batch_rule

MOST_TYPES = 6
"""Number of instance types with quota that are listed."""


@dataclass(frozen=True)
class CardFact:
    """A line of the card."""

    label: str
    text: str


def card_notes(card: ModelCard) -> str:
    """Return the distinguishing properties of a model in a few words."""
    notes = {
        "not fine-tunable": not card.fine_tunable,
        "gated": card.gated,
        "deprecated": card.deprecated,
        "vulnerable": card.vulnerable,
        "runs in the sandbox": bool(card.sandbox_runnable),
    }
    return ", ".join(note for note, applies in notes.items() if applies)


_FAMILY = re.compile(
    r"(?:tensorflow|pytorch|huggingface|mxnet|sklearn|lightgbm|catboost|xgboost|autogluon|meta|model)"
    # Tabular models differ in framework and task only.
    r"-(?!classification-|regression-)[a-z0-9]+-(?=.)"
)


def short_model_id(model_id: str) -> str:
    """Shorten a model id for narrow columns: without framework and task."""
    return _FAMILY.sub("", model_id, count=1) if _FAMILY.match(model_id) else model_id


def card_facts(spec: ModelSpec, quotas: Mapping[str, float] | None, quota_name: str) -> list[CardFact]:
    """Return the lines of a model's card.

    Args:
        spec: the model.
        quotas: applied quotas by name; None while they are not known.
        quota_name: the name of an instance type's quota, with `{}` for the type.
    """
    expected, rule = data_format(spec.task), batch_rule(spec)
    facts = [CardFact("Data", expected.summary)]
    default = spec.default_dataset_key.strip("/").rpartition("/")[2]
    facts.append(CardFact("Default", f"dataset {default}" if default else "no default dataset: bring your own"))
    if rule is not None:
        facts.append(
            CardFact("Batch", f"{rule.parameter} {rule.base}: {rule.meaning.value.replace('_', ' ')}, {rule.why}")
        )
    facts.append(CardFact("Tunes", plural(len(spec.algorithm_hyperparameters), "hyperparameter")))
    facts.append(CardFact("Runs on", _types(spec, quotas, quota_name)))
    if spec.sandbox_runnable:
        facts.append(CardFact("Sandbox", "can be trained here (▸); other models are browse only"))
    if spec.gated:
        facts.append(CardFact("License", "must be accepted: e on the Review screen"))
    facts += [CardFact("Note", text) for text in (spec.deprecated_message, spec.usage_info_message) if text]
    if spec.training_vulnerable:
        known = ", ".join(spec.training_vulnerabilities) or "see the model's page"
        facts.append(CardFact("Note", f"the training code has known vulnerabilities ({known})"))
    return facts


def _types(spec: ModelSpec, quotas: Mapping[str, float] | None, quota_name: str) -> str:
    families = list(dict.fromkeys(name.split(".")[1] for name in spec.instance_types if name.count(".") > 1))
    text = " ".join(families) or "no instance types named"
    if quotas is None:
        return text
    some = [name for name in spec.instance_types if quotas.get(quota_name.format(name), 0) >= 1]
    shown = ", ".join(name.removeprefix("ml.") for name in some[:MOST_TYPES])
    more = f" and {len(some) - MOST_TYPES} more" if len(some) > MOST_TYPES else ""
    return f"{text} (quota: {shown}{more})" if some else f"{text} (no quota for any)"
