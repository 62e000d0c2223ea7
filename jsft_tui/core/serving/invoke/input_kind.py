"""What a person gives a model that is tried: a picture, a sentence, two texts, a row, a prompt."""

from __future__ import annotations

from enum import Enum

from jsft_tui.core.serving.invoke.payloads import CSV, IMAGE, JSON, TEXT, TEXTS


class InputKind(Enum):
    """The kinds, by the word that names them."""

    PICTURE = "picture"
    SENTENCE = "sentence"
    TEXTS = "two texts"
    ROW = "row"
    PROMPT = "prompt"
    ANY = "input"
    """Of a model whose content type is not known."""

    @classmethod
    def of(cls, content_type: str) -> InputKind:
        """Return the kind for a content type."""
        return _KINDS.get(content_type.partition(";")[0].strip(), cls.ANY)


_KINDS = {
    IMAGE: InputKind.PICTURE,
    TEXT: InputKind.SENTENCE,
    TEXTS: InputKind.TEXTS,
    CSV: InputKind.ROW,
    JSON: InputKind.PROMPT,
}
