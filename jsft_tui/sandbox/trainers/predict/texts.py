"""Answer a question, find similar texts, and continue a text."""

from __future__ import annotations

import numpy as np

from jsft_tui.sandbox.trainers.common.artifact import Artifact
from jsft_tui.sandbox.trainers.common.head import head_arrays, head_logits
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.language.generation import Continuation, Decoding, continue_text
from jsft_tui.sandbox.trainers.language.network.model import CausalModel
from jsft_tui.sandbox.trainers.language.network.projections import FullProjections
from jsft_tui.sandbox.trainers.language.stored import read_model
from jsft_tui.sandbox.trainers.language.texts.templates import format_of
from jsft_tui.sandbox.trainers.predict.base import Input, Predictor, Ranking, text_of, two_texts_of
from jsft_tui.sandbox.trainers.text.embedding import embedding_array
from jsft_tui.sandbox.trainers.text.ngrams import ngrams
from jsft_tui.sandbox.trainers.text.questions.data import Passage
from jsft_tui.sandbox.trainers.text.questions.features import FEATURES, WordGrams, word_features
from jsft_tui.sandbox.trainers.text.questions.spans import OUTPUTS, best_spans
from jsft_tui.sandbox.trainers.text.similarity.projection import Projection

ANSWERS = 3
NEIGHBORS = 5


class QuestionPredictor(Predictor):
    """Answers of a question in a context; in a text they are separated by a bar."""

    def __init__(self, model: Artifact) -> None:
        self._head = head_arrays(model, FEATURES, OUTPUTS)
        self._embedding = embedding_array(model)
        self._rarity = model.array("rarity", len(self._embedding)).astype(np.float32)

    def predict(self, item: Input) -> Ranking:
        """Return the most probable answers of the context."""
        question, context = two_texts_of(item, "a question", "its context")
        passage = Passage.of(context)
        if not passage.spans:
            raise UserError("the context has no words")
        logits = head_logits(self._head, word_features(self._embedding, WordGrams.of(question, passage, self._rarity)))
        return [(passage.answer(first, last), share) for first, last, share in best_spans(logits, ANSWERS)]


class SimilarityPredictor(Predictor):
    """The texts that are most similar to a text."""

    def __init__(self, model: Artifact) -> None:
        self._ids = model.classes
        self._projection = Projection.read(model)
        dimensions = self._projection.directions.shape[1]
        self._vectors = model.array("vectors", len(model.classes), dimensions).astype(np.float32)
        texts = model.info.get("texts")
        self._texts = texts if isinstance(texts, list) and len(texts) == len(self._ids) else None

    def predict(self, item: Input) -> Ranking:
        """Return the ids (and the texts, if they are stored) with their cosine, the most similar first."""
        text = text_of(item, "finds similar texts")
        cosines = (self._projection.embed([ngrams(text)]) @ self._vectors.T)[0]
        best = np.argsort(-cosines, kind="stable")[:NEIGHBORS]
        return [(self._shown(int(row)), float(np.clip(cosines[row], 0, 1))) for row in best]

    def embedding(self, text: str) -> list[float]:
        """Return the vector of a text, of length 1.

        Raises:
            UserError: the text is empty.
        """
        vector = self._projection.embed([ngrams(text_of(text, "embeds texts"))])[0]
        return [float(value) for value in vector]

    def neighbors(self, text: str, most: int) -> list[tuple[str, float]]:
        """Return the ids of the trained texts that are most similar, with their cosine, the most similar first.

        Raises:
            UserError: the text is empty.
        """
        cosines = self._vectors @ np.array(self.embedding(text), np.float32)
        return [(self._ids[row], float(cosines[row])) for row in np.argsort(-cosines, kind="stable")[:most]]

    def _shown(self, row: int) -> str:
        return self._ids[row] if self._texts is None else f"{self._ids[row]}: {self._texts[row]}"


class LanguagePredictor(Predictor):
    """The continuation of a text, or the answer to an instruction, as the model was trained."""

    def __init__(self, model: Artifact) -> None:
        config, parameters, self._tokenizer = read_model(model)
        self._model = CausalModel(config, FullProjections(parameters))
        self._format = format_of(model.info.get("format"))

    def prompt(self, text: str) -> str:
        """Return the text that the model continues if a person asks this: in the form in which it was trained.

        Raises:
            UserError: the text is empty, or does not fit.
        """
        return self._format.prompt(text_of(text, "continues texts"))

    def written(self, prompt: str, decoding: Decoding) -> Continuation:
        """Return what the model writes after a text."""
        return continue_text(self._model, self._tokenizer, prompt, decoding)

    def predict(self, item: Input) -> Ranking:
        """Return what the model writes."""
        continuation = self.written(self.prompt(text_of(item, "continues texts")), Decoding())
        return [(continuation.text or "(nothing: the model ends the text here)", continuation.certainty)]
