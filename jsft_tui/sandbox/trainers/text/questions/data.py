"""Read questions: JumpStart's `data.csv`, without header, with question, context and the answer's start and end."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.container import Container, log
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.common.tables import quoted
from jsft_tui.sandbox.trainers.text.data_csv import FILE, find_data_csv, is_whole, read_data_csv

MAX_WORDS = 384
"""Words of a context that are read; BERT's question answering reads as many tokens."""
# Not checked against AWS: the fraction that the script keeps for validation, and its seed.
VALIDATION_SHARE = 0.2
SEED = 123
_COLUMNS = "question,context,start,end"
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class Passage:
    """A context as words.

    Attributes:
        text: the context.
        spans: where each word starts and ends in it.
    """

    text: str
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> Passage:
        """Split a context into words and punctuation marks, up to `MAX_WORDS`."""
        return cls(text, tuple(match.span() for match in list(_WORD.finditer(text))[:MAX_WORDS]))

    @property
    def words(self) -> tuple[str, ...]:
        """The words."""
        return tuple(self.text[start:end] for start, end in self.spans)

    def words_at(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the first and the last word that lie in a range of characters; None if there are none."""
        inside = [place for place, (first, last) in enumerate(self.spans) if first < end and last > start]
        return (inside[0], inside[-1]) if inside else None

    def answer(self, first: int, last: int) -> str:
        """Return the text from one word to another."""
        return self.text[self.spans[first][0] : self.spans[last][1]]


@dataclass(frozen=True)
class Question:
    """A question, its context, and the first and the last word of the answer in it."""

    text: str
    passage: Passage
    answer: tuple[int, int]


@dataclass(frozen=True)
class QuestionData:
    """The questions of a job, split into training and validation.

    Attributes:
        digest: of the files' content.
    """

    training: tuple[Question, ...]
    validation: tuple[Question, ...]
    digest: str


def read_data(container: Container) -> QuestionData:
    """Read the training questions, and those of the `validation` channel or a fraction of the training questions.

    Raises:
        UserError: the data is not valid for question answering.
    """
    path = find_data_csv(container.channel("training", "train"), _COLUMNS)
    questions = _read(path)
    digest = hashlib.sha256(path.read_bytes())
    folder = container.optional_channel("validation")
    if folder:
        held_out = find_data_csv(folder, _COLUMNS)
        digest.update(held_out.read_bytes())
        return QuestionData(questions, _read(held_out), digest.hexdigest())
    if len(questions) < 2:
        raise UserError(f"{FILE} has a single question with an answer; a second one is needed to validate with")
    order = np.random.default_rng(SEED).permutation(len(questions))
    count = min(max(1, round(len(questions) * VALIDATION_SHARE)), len(questions) - 1)
    training, validation = _select(questions, order[count:]), _select(questions, order[:count])
    return QuestionData(training, validation, digest.hexdigest())


def _read(path: Path) -> tuple[Question, ...]:
    """Read the questions that have an answer in the words that are read.

    Raises:
        UserError: a row is invalid, or none has such an answer.
    """
    found = []
    rows = read_data_csv(path, _COLUMNS, _row_error)
    for text, context, start, end in rows:
        passage = Passage.of(context)
        answer = passage.words_at(int(start), int(end))
        if answer:
            found.append(Question(text, passage, answer))
    if len(found) < len(rows):
        log(f"Rows without an answer in the first {MAX_WORDS} words, which are not used: {len(rows) - len(found)}.")
    if not found:
        raise UserError(f"{path.name} has no row whose answer lies in the first {MAX_WORDS} words of its context")
    return tuple(found)


def _row_error(row: list[str]) -> str:
    """Return the error in a row; empty if it is valid."""
    if len(row) < 4:
        return f"it has {len(row)} columns, but a question, a context, a start and an end are needed"
    if not row[0].strip() or not row[1].strip():
        return "its question or its context is empty"
    for name, cell in (("start", row[2]), ("end", row[3])):
        if not is_whole(cell):
            return f"the {name} of the answer is {quoted(cell)}, not an integer"
    start, end = int(row[2]), int(row[3])
    if start == end in (-1, 0):
        return ""  # no answer: left out below
    if start < 0 or end < start:
        return f"the answer is at {start} to {end}, which is not a valid range"
    if end > len(row[1]):
        return f"the answer is at {start} to {end}, but the context has {len(row[1])} characters"
    return ""


def _select(questions: tuple[Question, ...], rows: NDArray[np.intp]) -> tuple[Question, ...]:
    return tuple(questions[row] for row in rows)
