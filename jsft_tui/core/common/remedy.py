"""Remedies that are done with the program itself: what to do, and where, so that each face can say it in its words.

A remedy reads as the command line says it, for it goes into JSON and into sentences. A screen takes the two parts.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum


class RemedyCommand(Enum):
    """Where something is done; each face has words for each."""

    MODELS = "models"
    SEARCH = "search"
    RUNNABLE = "runnable"
    MODEL = "model"
    HYPERPARAMETERS = "hyperparameters"
    INSTANCES = "instances"
    INSTANCES_OF = "instances of"
    PLACES = "places"
    PLACE = "place"
    LINT = "lint"
    JOBS = "jobs"
    JOB = "job"
    LOGS = "logs"
    CLONE = "clone"
    DOWNLOAD = "download"
    SIGN_IN = "sign in"
    SIGN_IN_OR_SANDBOX = "sign in or sandbox"
    REGION = "region"
    IN_REGION = "in region"


COMMANDS = {
    RemedyCommand.MODELS: "jsft models",
    RemedyCommand.SEARCH: "jsft models WORD",
    RemedyCommand.RUNNABLE: "jsft models --sandbox --runnable",
    RemedyCommand.MODEL: "jsft model {0}",
    RemedyCommand.HYPERPARAMETERS: "jsft model {0}",
    RemedyCommand.INSTANCES: "jsft instances",
    RemedyCommand.INSTANCES_OF: "jsft instances {0}",
    RemedyCommand.PLACES: "jsft s3 ls",
    RemedyCommand.PLACE: "jsft s3 ls {0}",
    RemedyCommand.LINT: "jsft lint {0} {1}",
    RemedyCommand.JOBS: "jsft jobs",
    RemedyCommand.JOB: "jsft job {0}",
    RemedyCommand.LOGS: "jsft logs {0}",
    RemedyCommand.CLONE: "jsft clone {0}",
    RemedyCommand.DOWNLOAD: "jsft download {0} -o FOLDER, or --force",
    RemedyCommand.SIGN_IN: "aws sso login, or export new keys",
    RemedyCommand.SIGN_IN_OR_SANDBOX: "aws sso login, or export new keys, or --sandbox",
    RemedyCommand.REGION: "--region, AWS_REGION, or --sandbox",
    RemedyCommand.IN_REGION: "--region {0}",
}
"""The command line's words, with `{0}`, `{1}` for what it is done with."""


class Remedy(str):
    """A remedy with a way; as a text it is what the command line says.

    Attributes:
        what: what to do, without its end: `Check its name`.
        way: where that is done.
        words: what it is done with.
    """

    __slots__ = ("way", "what", "words")
    what: str
    way: RemedyCommand
    words: tuple[str, ...]

    def __new__(cls, what: str, way: RemedyCommand, *words: str) -> Remedy:
        """What to do, where, and what with; see the attributes."""
        self = super().__new__(cls, f"{what}: {COMMANDS[way].format(*words)}")
        self.what, self.way, self.words = what, way, words
        return self

    def __getnewargs__(self) -> tuple[object, ...]:  # type: ignore[override]  # for copies: the parts, not the text
        return (self.what, self.way, *self.words)


def filled(remedy: str, fill: Callable[[str], str]) -> str:
    """A remedy whose texts are filled in, such as the names of a job; its way stays."""
    if isinstance(remedy, Remedy):
        return Remedy(fill(remedy.what), remedy.way, *map(fill, remedy.words))
    return fill(remedy)
