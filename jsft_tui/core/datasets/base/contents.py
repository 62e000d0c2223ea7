"""What a linter saw in a dataset beside its findings: what is there for each need, classes, rows, lengths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import plural


@dataclass(frozen=True)
class Here:
    """What is there for a need, in few words, and how it is judged."""

    text: str
    level: Level = Level.PASS


@dataclass(frozen=True)
class SmallFile:
    """A file that would make the data fit.

    Attributes:
        name: relative to the dataset.
        body: the file.
        title: what it does, in a few words.
        lines: what it says.
    """

    name: str
    body: bytes
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConversionOffer:
    """A file whose records jsft can convert into what the training takes.

    Attributes:
        name: relative to the dataset.
        form: the form of its records, in words.
        target: the form to write, as `jsft convert --to` names it.
    """

    name: str
    form: str
    target: str


@dataclass
class Lengths:
    """Lengths of texts, in characters."""

    number: int = 0
    total: int = 0
    least: int = 0
    most: int = 0

    def add(self, length: int) -> None:
        """Take a text into account."""
        self.least = min(self.least, length) if self.number else length
        self.most = max(self.most, length)
        self.number += 1
        self.total += length

    def __str__(self) -> str:
        if self.least == self.most:
            return plural(self.most, "character")
        return f"{self.least:,} to {self.most:,} characters, on average {self.total // self.number:,}"


@dataclass
class Contents:
    """Collects what was seen.

    Attributes:
        here: name of a need -> what is there.
        classes: name of a class -> its number of examples; empty if there are no classes.
        noun: what an example is, in the plural: `images`, `rows`.
        examples: to train with, as far as they were listed or read.
        opened: how many of them were read; None if all that is counted was.
        complete: whether these are all.
        has_validation: whether there are validation data of their own.
        facts: (label, value) of anything else.
        offer: a file that would make the data fit; None if none is known.
        conversion: a file of another form that can be converted; None if there is none.
    """

    here: dict[str, Here] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    noun: str = ""
    examples: int = 0
    opened: int | None = None
    complete: bool = True
    has_validation: bool = False
    facts: list[tuple[str, str]] = field(default_factory=list)
    offer: SmallFile | None = None
    conversion: ConversionOffer | None = None

    def saw(self, need: str, text: str, level: Level = Level.PASS) -> None:
        """Record what is there for a need."""
        self.here[need] = Here(text, level)

    def count(self, noun: str, examples: int, classes: Mapping[str, int] | None = None, *, complete: bool) -> None:
        """Record the examples, and how many there are of each class."""
        self.noun, self.examples, self.complete = noun, examples, complete
        self.classes = dict(classes or {})
