"""Test sentence pairs, question answering and sentence similarity."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.predict import load
from jsft_tui.sandbox.trainers.text.embedding import new_embedding
from jsft_tui.sandbox.trainers.text.ngrams import HASH_BUCKETS, ngrams
from jsft_tui.sandbox.trainers.text.pairs.features import PairGrams, pair_features, pair_gradient
from jsft_tui.sandbox.trainers.text.questions.data import Passage
from jsft_tui.sandbox.trainers.text.questions.features import WordGrams, word_features, word_gradient
from jsft_tui.sandbox.trainers.text.questions.spans import OUTSIDE, SpanObjective, best_spans
from tests.sandbox.trainers.jobs import train_here
from tests.sandbox.trainers.parts.gradients import assert_slope

ANIMALS = ("cat", "dog", "fox", "owl", "bee", "cow", "hen", "rat", "pig", "ant")
PLACES = ("barn", "tree", "field", "house", "river")


def write_csv(folder: Path, rows: Iterable[Sequence[object]]) -> Path:
    """Write data.csv and return its folder."""
    folder.mkdir(parents=True)
    with (folder / "data.csv").open("w", newline="") as target:
        csv.writer(target).writerows(rows)
    return folder


def pairs() -> list[tuple[object, ...]]:
    """Return pairs that belong together if they are about the same animal."""
    return [
        (int(one == other), f"Where is the {one}?", f"The {other} is in the {place}.")
        for one in ANIMALS
        for place in PLACES
        for other in (one, ANIMALS[(ANIMALS.index(one) + PLACES.index(place) + 1) % len(ANIMALS)])
    ]


def questions() -> list[tuple[object, ...]]:
    """Return questions whose answer is the place of one of two animals."""
    rows: list[tuple[object, ...]] = []
    for number, (one, place) in enumerate((one, place) for one in ANIMALS for place in PLACES):
        told = [f"The {one} is in the {place}.", f"The {ANIMALS[number % 10 - 1]} is in the {PLACES[number % 5 - 1]}."]
        context = " ".join(told if number % 2 else reversed(told))
        start = context.index(f"the {place}.", context.index(f"The {one}"))
        rows.append((f"Where is the {one}?", context, start, start + len(f"the {place}")))
    return rows


def test_the_gradient_of_pairs_is_the_slope() -> None:
    rng = np.random.default_rng(0)
    embedding = new_embedding(rng).astype(float)
    grams = [ngrams(text) for text in ("the cat sits", "a dog", "the dog sits", "no")]
    pair = PairGrams.of(grams[:2], grams[2:], np.ones(HASH_BUCKETS, np.float32))
    weights = rng.normal(size=pair_features(embedding, pair).shape)
    gradient = pair_gradient(embedding, pair, weights)
    _assert_slope_of_rows(lambda: float((pair_features(embedding, pair) * weights).sum()), embedding, gradient)


def test_the_gradient_of_a_context_is_the_slope() -> None:
    rng = np.random.default_rng(0)
    embedding = new_embedding(rng).astype(float)
    context = WordGrams.of("Where is it?", Passage.of("It is here. It was there."), np.ones(HASH_BUCKETS, np.float32))
    weights = rng.normal(size=word_features(embedding, context).shape)
    gradient = word_gradient(embedding, context, weights)
    _assert_slope_of_rows(lambda: float((word_features(embedding, context) * weights).sum()), embedding, gradient)


def _assert_slope_of_rows(function: Callable[[], float], embedding: FloatArray, gradient: Gradient) -> None:
    """Compare the gradient of the embedding's rows with the slope, one row after the other."""
    assert gradient.rows is not None
    for row, values in zip(gradient.rows, gradient.values, strict=True):
        assert_slope(function, embedding[row], values, places=2)


def test_the_gradient_of_spans_is_the_slope_and_leaves_words_outside_alone() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(2, 4, 2))
    logits[1, 3] = OUTSIDE
    answers = np.array([[0, 2], [1, 1]])
    gradient = SpanObjective().loss(logits, answers).gradient
    assert (gradient[1, 3] == 0).all()
    inside = logits[:, :3]
    assert_slope(lambda: SpanObjective().loss(logits, answers).total / 2, inside, gradient[:, :3])


def test_the_best_span_never_ends_before_it_starts() -> None:
    logits = np.array([[0.0, 9.0], [0.0, 0.0], [9.0, 0.0]])
    spans = best_spans(logits, 10)
    assert all(first <= last for first, last, _ in spans)
    assert [share for *_, share in spans] == sorted((share for *_, share in spans), reverse=True)


def test_pairs_are_learned_and_predicted(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "data", pairs())
    job = train_here("pairs", tmp_path / "job", {"training": data}, {"epochs": 8})
    assert job.info["history"][-1]["val_accuracy"] > 0.9
    model = load(job.tarball())
    assert model.predict("Where is the bee? | The bee is in the house.")[0][0] == "1"
    assert model.predict("Where is the bee? | The cow is in the house.")[0][0] == "0"
    for item in ("no bar in it", "| one", 3.5):
        with pytest.raises(UserError, match="separate them with"):
            model.predict(item)  # type: ignore[arg-type]


def test_questions_are_answered_from_their_context(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "data", questions())
    job = train_here("questions", tmp_path / "job", {"training": data}, {"epochs": 25})
    assert job.info["history"][-1]["val_exact_match"] > 0.7
    model = load(job.tarball())
    answer, share = model.predict("Where is the owl? | The owl is in the river. The pig is in the barn.")[0]
    assert (answer, 0 < share <= 1) == ("the river", True)


def test_similar_texts_are_found(tmp_path: Path) -> None:
    rows = [(f"{one}-{place}", f"The {one} is in the {place}.") for one in ANIMALS for place in PLACES]
    job = train_here("similarity", tmp_path / "job", {"training": write_csv(tmp_path / "data", rows)})
    ranking = load(job.tarball()).predict("the fox in a river")
    assert ranking[0][0] == "fox-river: The fox is in the river."
    assert [share for _, share in ranking] == sorted((share for _, share in ranking), reverse=True)
    assert all("fox" in label or "river" in label for label, _ in ranking)


def test_similar_texts_are_ids_only_if_the_texts_are_not_stored(tmp_path: Path) -> None:
    data = write_csv(tmp_path / "data", [("a", "one text"), ("b", "another one"), ("c", "the third")])
    asked = {"store_text_with_embedding": False, "max_seq_length": 5}
    job = train_here("similarity", tmp_path / "job", {"training": data}, asked)
    assert load(job.tarball()).predict("another")[0][0] == "b"
