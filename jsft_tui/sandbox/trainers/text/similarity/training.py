"""Index texts for sentence similarity: the sandbox's counterpart of JumpStart's sentence similarity models.

The real job computes an embedding of each text with a pretrained network and stores them; so does this one, with an
embedding that it learns from the texts alone: their n-grams weighted by rarity, projected on the directions in which
the texts differ most (latent semantic analysis). The log and the model say that it is not a sentence transformer.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import Artifact, write_artifact
from jsft_tui.sandbox.trainers.common.container import Container, StopFlag, log
from jsft_tui.sandbox.trainers.common.metric_lines import keras_lines
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray
from jsft_tui.sandbox.trainers.common.settings import Settings, UserError
from jsft_tui.sandbox.trainers.common.tables import RowErrors, quoted
from jsft_tui.sandbox.trainers.text.data_csv import find_data_csv, read_data_csv
from jsft_tui.sandbox.trainers.text.embedding import Grams, extract_ngrams
from jsft_tui.sandbox.trainers.text.ngrams import HASH_BUCKETS
from jsft_tui.sandbox.trainers.text.similarity.projection import Projection

TASK = "sentence-similarity"
NOT_PRETRAINED = "no pretrained weights: latent semantic analysis of hashed n-grams, not a sentence transformer"
_MODEL_VERSION = "similarity 1"
_COLUMNS = "id,text"
_MAX_TEXTS = 100_000


def train(container: Container) -> None:
    """Run one job.

    Raises:
        UserError: data or hyperparameters are invalid.
        Stopped: SIGTERM arrived.
    """
    settings = container.settings
    limit = _word_limit(settings.text("max_seq_length"))
    path = find_data_csv(container.channel("training", "train"), _COLUMNS)
    ids, texts = _read(path)
    log(f"Sandbox trainer: {NOT_PRETRAINED}.")
    log(f"{len(texts)} texts.")
    texts = tuple(_cut(text, limit) for text in texts)
    grams = extract_ngrams(texts, container.stop)
    projection = Projection.of(grams, container.stop)
    vectors = _embedded(projection, grams, settings.integer("batch_size"), container.stop)
    recall = _recall_from_halves(projection, texts, vectors, container.stop)
    for line in keras_lines(1, 1, {"explained_variance": projection.explained, "val_recall": recall}):
        log(line)
    arrays: dict[str, NDArray[Any]] = {**projection.arrays(), "vectors": vectors.astype(np.float16)}
    info = _info(settings, path, len(texts), recall)
    if settings.flag("store_text_with_embedding"):
        info["texts"] = list(texts)
    write_artifact(container.model, Artifact(arrays, ids, info))


def _read(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids and the texts.

    Raises:
        UserError: a row is invalid, an id is not unique, or there are too few or too many texts.
    """
    rows = read_data_csv(path, _COLUMNS, _row_error)
    bad, seen = RowErrors(path.name), set()
    for line, (key, _) in enumerate(rows, start=1):
        if key.strip() in seen:
            bad.add(line, f"the id {quoted(key)} is not unique")
        seen.add(key.strip())
    bad.check()
    if not 2 <= len(rows) <= _MAX_TEXTS:
        raise UserError(f"{path.name} has {len(rows)} texts; from 2 to {_MAX_TEXTS} can be compared with each other")
    return tuple(row[0].strip() for row in rows), tuple(row[1] for row in rows)


def _row_error(row: list[str]) -> str:
    """Return the error in a row; empty if it is valid."""
    if not row[0].strip():
        return "its id is empty"
    if len(row) < 2 or not row[1].strip():
        return "there is no text after the id"
    return ""


def _word_limit(text: str) -> int | None:
    """Return the number of words of `max_seq_length`; None for no limit of its own.

    Raises:
        UserError: it is neither `None` nor a positive number.
    """
    if text == "None":
        return None
    if not text.isdecimal() or int(text) < 1:
        raise UserError(f"hyperparameter max_seq_length is {quoted(text)}, neither None nor a positive integer")
    return int(text)


def _cut(text: str, limit: int | None) -> str:
    return text if limit is None else " ".join(text.split()[:limit])


def _embedded(projection: Projection, grams: Grams, batch_size: int, stop: StopFlag) -> FloatArray:
    """Return the embedding of each text."""
    parts = []
    for start in range(0, len(grams), batch_size):
        stop.check()
        parts.append(projection.embed(grams[start : start + batch_size]))
    return np.concatenate(parts)


def _recall_from_halves(projection: Projection, texts: tuple[str, ...], vectors: FloatArray, stop: StopFlag) -> float:
    """Return how often the second half of a text's words finds that text first, among all texts."""
    halves = [" ".join(words[len(words) // 2 :]) for words in (text.split() for text in texts)]
    found = _embedded(projection, extract_ngrams(halves, stop), 256, stop) @ vectors.T
    return float((found.argmax(1) == np.arange(len(texts))).mean())


def _info(settings: Settings, path: Path, texts: int, recall: float) -> dict[str, Any]:
    return {
        "task": TASK,
        "trainer": _MODEL_VERSION,
        "status": "completed",
        "pretrained": NOT_PRETRAINED,
        "training_examples": texts,
        "history": [{"val_recall": recall}],
        "digest": hashlib.sha256(path.read_bytes()).hexdigest(),
        "buckets": HASH_BUCKETS,
        "hyperparameters": dict(settings),
    }
