"""The results of a policy simulation for a principal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from jsft_tui.core.common.text import plural


class Verdict(Enum):
    """The effect of a principal's policies on an action."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not allowed"
    """No policy of its own allows it; the policy of a bucket or a key may still do so."""
    DENIED = "denied"
    """A policy denies it explicitly."""
    DEPENDS = "depends"
    """It depends on a condition key whose value is unknown."""


@dataclass(frozen=True)
class Permissions:
    """The verdicts on (action, resource ARN) pairs."""

    verdicts: Mapping[tuple[str, str], Verdict] = field(default_factory=dict)

    def with_verdict(self, verdict: Verdict) -> list[tuple[str, str]]:
        """Return the pairs with a verdict, in the order of the simulation."""
        return [pair for pair, found in self.verdicts.items() if found is verdict]


def principal_of(arn: str) -> str:
    """Return the principal that IAM can simulate: for a session of an assumed role, the role.

    The role's path is not in the session's ARN; a role with a path is not found this way.
    """
    if ":assumed-role/" not in arn:
        return arn
    head, _, tail = arn.partition(":assumed-role/")
    return f"{head.replace(':sts:', ':iam:')}:role/{tail.split('/')[0]}"


def session_role(arn: str) -> str | None:
    """Return the name of the role behind a session's ARN; None for a user and for the root user."""
    return arn.partition(":assumed-role/")[2].split("/")[0] or None


def is_root(arn: str) -> bool:
    """Return whether an ARN is the root user, who is allowed everything and cannot be simulated."""
    return arn.endswith(":root")


def actions_on(pairs: Iterable[tuple[str, str]]) -> str:
    """Format pairs: `s3:GetObject on arn:aws:s3:::b/x/* and 2 more actions`."""
    listed = [f"{action} on {resource}" for action, resource in pairs]
    more = f" and {plural(len(listed) - 2, 'more action', 'more actions')}" if len(listed) > 2 else ""
    return f"{', '.join(listed[:2])}{more}"


ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
"""RoleArn of CreateTrainingJob."""
