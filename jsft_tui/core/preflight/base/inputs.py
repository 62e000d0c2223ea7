"""What preflight checks require, and the values fetched for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from jsft_tui.core.common.errors import Problem

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Requirement(Generic[T]):
    """A typed key: something that must be fetched for checks, once, however many checks require it.

    Attributes:
        name: what it is, for messages.
    """

    name: str


class Unavailable(Exception):
    """A required value could not be fetched; the check becomes unknown, whatever it is."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True)
class Inputs:
    """Fetched values: for each requirement a value, or the Problem met while fetching it.

    A value of None means that the plan gives no reason to fetch one.
    """

    values: Mapping[Requirement[Any], Any] = field(default_factory=dict)

    def __getitem__(self, requirement: Requirement[T]) -> T:
        """Return the value of a requirement.

        Raises:
            Unavailable: it could not be fetched.
        """
        value: T | Problem | None = self.values.get(requirement)
        if value is None:
            raise Unavailable(Problem("NotAsked", "this was not asked."))
        if isinstance(value, Problem):
            raise Unavailable(value)
        return value

    def get(self, requirement: Requirement[T]) -> T | None:
        """Return the value of a requirement; None when there is none."""
        value: T | Problem | None = self.values.get(requirement)
        return None if isinstance(value, Problem) else value

    def problem(self, requirement: Requirement[T]) -> Problem | None:
        """Return the Problem met while fetching a value, if one was."""
        value = self.values.get(requirement)
        return value if isinstance(value, Problem) else None
