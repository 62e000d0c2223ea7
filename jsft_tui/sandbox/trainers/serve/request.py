"""A request to a served model, and the answer; content types as JumpStart's inference scripts know them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

IMAGE, TEXT, TEXTS, CSV, JSON = (
    "application/x-image",
    "application/x-text",
    "application/list-text",
    "text/csv",
    "application/json",
)
VERBOSE = "application/json;verbose"


class Refused(Exception):
    """The model does not take the request.

    Attributes:
        status: of HTTP.
        message: why.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Inference:
    """A request: its content type, the form of the answer that it accepts, and its body."""

    content_type: str
    accept: str
    body: bytes

    @property
    def kind(self) -> str:
        """The content type without its parameters, such as a charset."""
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def answer_type(self) -> str:
        """The content type of the answer.

        Raises:
            Refused: no such answer can be made.
        """
        wanted = self.accept.replace(" ", "").lower()
        if wanted in ("", "*/*", "application/*", JSON):
            return JSON
        if wanted == VERBOSE:
            return VERBOSE
        raise Refused(f"unsupported accept type {self.accept!r}: use {JSON} or {VERBOSE}", 415)

    @property
    def is_verbose(self) -> bool:
        """Whether labels are wanted."""
        return self.answer_type == VERBOSE

    def require(self, *kinds: str) -> str:
        """Return the content type, which must be one of these.

        Raises:
            Refused: it is another one.
        """
        if self.kind not in kinds:
            raise Refused(f"unsupported content type {self.content_type!r}: use {' or '.join(kinds)}", 415)
        return self.kind

    def text(self) -> str:
        """Return the body as text.

        Raises:
            Refused: it is not UTF-8.
        """
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Refused(f"the body is not UTF-8 ({error.reason} at byte {error.start})") from error

    def document(self) -> Any:
        """Return the body as JSON.

        Raises:
            Refused: it is not JSON.
        """
        try:
            return json.loads(self.text())
        except (ValueError, RecursionError) as error:
            raise Refused(f"the body is not JSON ({str(error)[:100]})") from error


@dataclass(frozen=True)
class Answer:
    """An answer with its HTTP status."""

    status: int
    content_type: str
    body: bytes


def answer_of(document: Any, content_type: str = JSON, status: int = 200) -> Answer:
    """Return the answer with a JSON document."""
    return Answer(status, content_type, json.dumps(document, ensure_ascii=False).encode())
