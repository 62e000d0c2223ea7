"""What the techniques and adapters are for, in a few words (developer guide, model-customize-open-weight)."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.core.catalog.technique import Adapter, Technique


@dataclass(frozen=True)
class AboutTechnique:
    """A technique in words.

    Attributes:
        learns: what the model learns from, with the verb: `learn from examples`.
        source: the same in two or three words: `by example`.
        teaches: what it does, as the beginning of a sentence.
        fits: who should choose it.
    """

    learns: str
    source: str
    teaches: str
    fits: str


ABOUT = {
    Technique.SFT: AboutTechnique(
        "learn from examples",
        "by example",
        "Teaches answers by example",
        "you have questions and good answers; start here",
    ),
    Technique.DPO: AboutTechnique(
        "learn preferences",
        "preferences",
        "Teaches which of two answers is the better one",
        "you have two answers each, and know the better one",
    ),
    Technique.RLVR: AboutTechnique(
        "learn from a checker",
        "a checker",
        "Lets the model try, and rewards answers that a program finds right",
        "a program can say whether an answer is right (math, code)",
    ),
    Technique.RLAIF: AboutTechnique(
        "learn from a judge",
        "an AI judge",
        "Lets the model try, and rewards answers that another model likes",
        "nobody can write down the right answer, but a model can judge it",
    ),
}
ADAPTERS = {
    Adapter.LORA: "trains small adapters, so it is cheap and quick",
    Adapter.FULL: "trains all weights, which costs more and forgets more easily",
}
FITS_FULL = "LoRA is not enough, and you have thousands of examples"


def sentence(technique: Technique, adapter: Adapter) -> str:
    """Return what a technique with an adapter does, in one sentence."""
    return f"{ABOUT[technique].teaches}; {ADAPTERS[adapter]}."
