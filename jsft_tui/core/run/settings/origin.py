"""Where the value of a setting comes from: the layers from the run down to the model, and the one that wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.run.defaults import Defaults, Layer, with_defaults
from jsft_tui.core.run.draft import EMPTY
from jsft_tui.core.run.run import Run
from jsft_tui.core.run.settings.settings import NOT_SET, SPEC, THIS_RUN, Setting, origin_of, setting_rows, setting_text

_WORDS = {
    "SageMaker config.yaml (user)": "SageMaker config",
    "SageMaker config.yaml (admin)": "admin config",
    SPEC: "model",
    NOT_SET: "",
}
_LAYER_WORDS = {
    "SageMaker config.yaml (user)": "SageMaker config, yours",
    "SageMaker config.yaml (admin)": "SageMaker config, admin",
    "jsft config": "jsft config.yaml",
}


@dataclass(frozen=True)
class OriginStep:
    """A layer, what it says of a setting (empty: nothing), and whether its value is the one that holds."""

    origin: str
    text: str
    wins: bool


def origin_word(origin: str) -> str:
    """Return an origin in one or two words, as a list has room for."""
    first, plus, _ = origin.partition(" + ")
    return f"{_WORDS.get(first, first)}{plus and ' + more'}"


def origin_chain(setting: Setting, own: Run, defaults: Defaults, spec: ModelSpec | None) -> tuple[OriginStep, ...]:
    """Return the layers that a setting is looked for in, the first one first."""
    # A value of the run that equals the inherited one counts as inherited.
    is_own = origin_of(setting, own, defaults).startswith(THIS_RUN)
    said = [(THIS_RUN, setting_text(own, setting) if is_own else ""), *_said_by_layers(setting, defaults.layers)]
    if setting.is_switch and spec is not None:
        nobody = replace(own, encrypt_traffic=None, network_isolation=None)
        row = next(row for row in setting_rows(nobody, Defaults(), spec) if row.setting is setting)
        said.append((SPEC, row.text))
    is_merged = setting in (Setting.TAGS, Setting.ENVIRONMENT)
    winner = next((number for number, (_, text) in enumerate(said) if text), None)
    return tuple(
        OriginStep(_LAYER_WORDS.get(origin, origin), text, bool(text) if is_merged else number == winner)
        for number, (origin, text) in enumerate(said)
    )


def _said_by_layers(setting: Setting, layers: Iterable[Layer]) -> Iterator[tuple[str, str]]:
    if setting.is_of_one_run:
        return
    nothing = EMPTY if setting.customization is None else replace(EMPTY, customization=Customization(Technique.SFT))
    for layer in layers:
        yield layer.origin, setting_text(with_defaults(nothing, layer.values), setting)


def chain_rule(setting: Setting) -> str:
    """Return how the layers of a setting go together, in a sentence."""
    if setting in (Setting.TAGS, Setting.ENVIRONMENT):
        return "all are put together; the first one that names a key wins"
    return "the first one that says something wins"
