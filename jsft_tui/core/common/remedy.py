"""Define remedies that are done with the program itself: what to do, and with which command.

As text a remedy names the command of the command line, for JSON and sentences. Screens format its parts themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum


class RemedyCommand(Enum):
    """A command that remedies name; the CLI and the TUI have their own words for each."""

    MODELS = "models"
    SEARCH = "search"
    RUNNABLE = "runnable"
    TECHNIQUE = "technique"
    CREATE_GROUP = "create group"
    MODEL = "model"
    HYPERPARAMETERS = "hyperparameters"
    INSTANCES = "instances"
    INSTANCES_OF = "instances of"
    BUCKETS = "buckets"
    LIST = "list"
    LINT = "lint"
    JOBS = "jobs"
    JOB = "job"
    LOGS = "logs"
    CLONE = "clone"
    DOWNLOAD = "download"
    SIGN_IN = "sign in"
    SHELL = "shell"
    """A command for a shell, not one of jsft."""
    SIGN_IN_OR_SANDBOX = "sign in or sandbox"
    REGION = "region"
    IN_REGION = "in region"


COMMANDS = {
    RemedyCommand.MODELS: "jsft models",
    RemedyCommand.SEARCH: "jsft models WORD",
    RemedyCommand.RUNNABLE: "jsft models --sandbox --runnable",
    RemedyCommand.CREATE_GROUP: "jsft groups --create {0}",
    RemedyCommand.TECHNIQUE: "jsft models --technique {0}",
    RemedyCommand.MODEL: "jsft model {0}",
    RemedyCommand.HYPERPARAMETERS: "jsft model {0}",
    RemedyCommand.INSTANCES: "jsft instances",
    RemedyCommand.INSTANCES_OF: "jsft instances {0}",
    RemedyCommand.BUCKETS: "jsft s3 ls",
    RemedyCommand.LIST: "jsft s3 ls {0}",
    RemedyCommand.LINT: "jsft lint {0} {1}",
    RemedyCommand.JOBS: "jsft jobs",
    RemedyCommand.JOB: "jsft job {0}",
    RemedyCommand.LOGS: "jsft logs {0}",
    RemedyCommand.CLONE: "jsft clone {0}",
    RemedyCommand.DOWNLOAD: "jsft download {0} -o FOLDER, or --force",
    RemedyCommand.SHELL: "{0}",
    RemedyCommand.SIGN_IN: "aws sso login, or export new keys",
    RemedyCommand.SIGN_IN_OR_SANDBOX: "aws sso login, or export new keys, or --sandbox",
    RemedyCommand.REGION: "--region, AWS_REGION, or --sandbox",
    RemedyCommand.IN_REGION: "--region {0}",
}
"""The commands of the command line; `{0}`, `{1}` are the remedy's arguments."""


class Remedy(str):
    """A remedy with a command; as text it is what the command line prints.

    Attributes:
        what: what to do, without the command: `Check its name`.
        command: the command to use.
        arguments: arguments of the command.
    """

    __slots__ = ("arguments", "command", "what")
    what: str
    command: RemedyCommand
    arguments: tuple[str, ...]

    def __new__(cls, what: str, command: RemedyCommand, *arguments: str) -> Remedy:
        """Create a remedy from its parts; see the attributes."""
        self = super().__new__(cls, f"{what}: {COMMANDS[command].format(*arguments)}")
        self.what, self.command, self.arguments = what, command, arguments
        return self

    def __getnewargs__(self) -> tuple[object, ...]:  # type: ignore[override]  # copies are made from the parts, not from the text
        return (self.what, self.command, *self.arguments)


def filled(remedy: str, fill: Callable[[str], str]) -> str:
    """Fill values, such as the names of a job, into the texts of a remedy; its command stays."""
    if isinstance(remedy, Remedy):
        return Remedy(fill(remedy.what), remedy.command, *map(fill, remedy.arguments))
    return fill(remedy)
