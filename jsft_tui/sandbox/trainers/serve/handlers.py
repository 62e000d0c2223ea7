"""What the model of each task answers.

The forms are those that AWS's notebooks of the tasks read (jumpstart-2026 §4.2): classes give `probabilities`, with
`labels` and `predicted_label` where `application/json;verbose` is accepted; regression gives `prediction`, questions
`answer`. Not checked against AWS: the verbose form of an answer to a question, and the JSON requests of similarity.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.predict.base import Input, Predictor
from jsft_tui.sandbox.trainers.predict.classifiers import Classifier, ImagePredictor, PairPredictor, TextPredictor
from jsft_tui.sandbox.trainers.predict.tables import NumberPredictor
from jsft_tui.sandbox.trainers.predict.texts import LanguagePredictor, QuestionPredictor, SimilarityPredictor
from jsft_tui.sandbox.trainers.serve.generate import generated
from jsft_tui.sandbox.trainers.serve.request import (
    CSV,
    IMAGE,
    JSON,
    TEXT,
    TEXTS,
    Answer,
    Inference,
    Refused,
    answer_of,
)

MOST_NEIGHBORS = 100


def answer(model: Predictor, request: Inference) -> Answer:
    """Return what a model answers; a request that it does not take gets an error of a 4xx status."""
    try:
        kind = request.answer_type
        for known, handle in _HANDLERS:
            if isinstance(model, known):
                return answer_of(handle(model, request), kind)
        raise Refused(f"{type(model).__name__} is not served", 500)
    except UserError as error:
        return answer_of({"error": str(error)}, status=400)
    except Refused as error:
        return answer_of({"error": error.message}, status=error.status)


def _image(model: ImagePredictor, request: Inference) -> dict[str, Any]:
    request.require(IMAGE)
    with TemporaryDirectory(prefix="image-") as folder:
        file = Path(folder) / "body"
        file.write_bytes(request.body)
        return _one_class(model, request, file)


def _text(model: TextPredictor, request: Inference) -> dict[str, Any]:
    request.require(TEXT)
    return _one_class(model, request, request.text())


def _pair(model: PairPredictor, request: Inference) -> dict[str, Any]:
    request.require(TEXTS)
    return _one_class(model, request, _two_texts(request))


def _question(model: QuestionPredictor, request: Inference) -> dict[str, Any]:
    request.require(TEXTS)
    text, score = model.predict(_two_texts(request))[0]
    return {"answer": text, "score": score} if request.is_verbose else {"answer": text}


def _similarity(model: SimilarityPredictor, request: Inference) -> Any:
    if request.require(TEXT, JSON) == TEXT:
        return {"embedding": model.embedding(request.text())}
    document = request.document()
    queries = document.get("queries") if isinstance(document, dict) else None
    queries = [queries] if isinstance(queries, str) else queries
    if not isinstance(queries, list) or not queries or not all(isinstance(each, str) for each in queries):
        raise Refused('a JSON body needs "queries": a text, or a list of texts')
    if document.get("mode", "nn_train_data") != "nn_train_data":
        raise Refused('the sandbox serves the "mode" nn_train_data only: the neighbors among the trained texts')
    most = document.get("top_k", 1)
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= MOST_NEIGHBORS:
        raise Refused(f'"top_k" must be a whole number from 1 to {MOST_NEIGHBORS}')
    return [[{"id": label, "score": cosine} for label, cosine in model.neighbors(each, most)] for each in queries]


def _table_classes(model: Classifier, request: Inference) -> dict[str, Any]:
    found = [_probabilities(model, row) for row in _rows(request)]
    document: dict[str, Any] = {"probabilities": found}
    if request.is_verbose:
        document["labels"] = list(model.classes)
        document["predicted_label"] = [model.classes[row.index(max(row))] for row in found]
    return document


def _table_numbers(model: NumberPredictor, request: Inference) -> dict[str, Any]:
    return {"prediction": [model.number(row) for row in _rows(request)]}


def _one_class(model: Classifier, request: Inference, item: Input) -> dict[str, Any]:
    found = _probabilities(model, item)
    document: dict[str, Any] = {"probabilities": found}
    if request.is_verbose:
        document["labels"] = list(model.classes)
        document["predicted_label"] = model.classes[found.index(max(found))]
    return document


def _probabilities(model: Classifier, item: Input) -> list[float]:
    """Return the probabilities in the order of the classes."""
    ranked = dict(model.predict(item))
    return [ranked[label] for label in model.classes]


def _two_texts(request: Inference) -> tuple[str, str]:
    document = request.document()
    if not isinstance(document, list) or len(document) != 2 or not all(isinstance(each, str) for each in document):
        raise Refused("the body must be a JSON list of two texts")
    return document[0], document[1]


def _rows(request: Inference) -> list[str]:
    request.require(CSV)
    rows = [line for line in request.text().splitlines() if line.strip()]
    if not rows:
        raise Refused("the body has no rows")
    return rows


_HANDLERS: tuple[tuple[type[Predictor], Callable[[Any, Inference], Any]], ...] = (
    (ImagePredictor, _image),
    (TextPredictor, _text),
    (PairPredictor, _pair),
    (QuestionPredictor, _question),
    (SimilarityPredictor, _similarity),
    (NumberPredictor, _table_numbers),
    (LanguagePredictor, generated),
    (Classifier, _table_classes),
)
"""By the kind of the model; the classifiers that are left are those of tables."""
