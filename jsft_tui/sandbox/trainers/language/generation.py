"""Continue a text with a trained model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.scores import Softmax
from jsft_tui.sandbox.trainers.language.network.model import CausalModel
from jsft_tui.sandbox.trainers.language.texts.tokenizer import END, Tokenizer

MAX_NEW_TOKENS = 80
_PENALTY = 1.3
_RECENT = 24


@dataclass(frozen=True)
class Decoding:
    """How the tokens are chosen, by the names of Hugging Face's generation.

    Attributes:
        max_new_tokens: the largest number of tokens.
        temperature: by which the logits are divided; 0: the most probable token is taken.
        top_k: number of the most probable tokens among which one is drawn; 0: all.
        top_p: share of the probability that the tokens have among which one is drawn.
        repetition_penalty: by which a token that was written shortly before counts less.
        stop: texts that end the continuation.
        seed: of the draws.
    """

    max_new_tokens: int = MAX_NEW_TOKENS
    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    repetition_penalty: float = _PENALTY
    stop: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True)
class Continuation:
    """A continued text.

    Attributes:
        text: what the model wrote.
        certainty: the mean probability of its tokens (the geometric mean).
        tokens: the number of tokens that it wrote.
        ending: why it ends: `eos_token`, `stop_sequence` or `length` (as TGI says it).
        prompt_tokens: the number of tokens of the prompt.
    """

    text: str
    certainty: float
    tokens: int = 0
    ending: str = "eos_token"
    prompt_tokens: int = 0


def continue_text(
    model: CausalModel, tokenizer: Tokenizer, prompt: str, decoding: Decoding | None = None
) -> Continuation:
    """Return the continuation of a text, token by token, up to the end that the model sets.

    A token that was written shortly before counts less (the `repetition_penalty` of Hugging Face's generation), because
    small models repeat themselves.

    Args:
        model: the model.
        tokenizer: its vocabulary.
        prompt: the text to continue.
        decoding: how the tokens are chosen; None: the most probable ones.
    """
    chosen = decoding or Decoding()
    given = tokenizer.encode(prompt).tolist()
    tokens = [END, *given]
    written: list[int] = []
    logarithms, ending = 0.0, "length"
    rng = np.random.default_rng(chosen.seed)
    for _ in range(chosen.max_new_tokens):
        window = np.array([tokens[-model.config.context :]], np.int32)
        wanted = np.zeros(window.shape, np.bool_)
        wanted[0, -1] = True
        logits = model.forward(window, wanted).astype(np.float64)
        token = _next_token(_penalized(logits[0], written[-_RECENT:], chosen.repetition_penalty), chosen, rng)
        logarithms += float(np.log(Softmax(len(logits[0])).probabilities(logits)[0, token]))
        if token == END:
            ending = "eos_token"
            break
        written.append(token)
        tokens.append(token)
        if any(stop in tokenizer.decode(written) for stop in chosen.stop):
            ending = "stop_sequence"
            break
    # The end counts as a token, too: a model may be unsure whether to stop.
    count = len(written) + (ending == "eos_token")
    text = _cut(tokenizer.decode(written), chosen.stop).strip()
    return Continuation(text, float(np.exp(logarithms / max(count, 1))), len(written), ending, len(given))


def _next_token(logits: NDArray[np.float64], decoding: Decoding, rng: np.random.Generator) -> int:
    if decoding.temperature <= 0:
        return int(logits.argmax())
    order = np.argsort(-logits, kind="stable")[: decoding.top_k or None]
    scaled = logits[order] / decoding.temperature
    weights = np.exp(scaled - scaled.max())
    weights /= weights.sum()
    # The smallest set of tokens with this share of the probability (nucleus sampling).
    kept = max(1, int(np.searchsorted(weights.cumsum(), decoding.top_p)) + 1)
    weights = weights[:kept] / weights[:kept].sum()
    return int(rng.choice(order[:kept], p=weights))


def _cut(text: str, stops: Sequence[str]) -> str:
    """Return the text up to the first stop. TGI keeps the stop itself; what people want to read is without it."""
    places = [place for stop in stops if (place := text.find(stop)) >= 0]
    return text[: min(places)] if places else text


def _penalized(logits: NDArray[np.float64], recent: list[int], penalty: float) -> NDArray[np.float64]:
    changed = logits.copy()
    for token in set(recent):
        changed[token] = changed[token] / penalty if changed[token] > 0 else changed[token] * penalty
    return changed
