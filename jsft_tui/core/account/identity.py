"""Who asks AWS, and which role a job takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """Who calls: the account and the ARN of the user or role."""

    account: str
    arn: str


@dataclass(frozen=True)
class RoleFacts:
    """An execution role: whether it exists, and whether SageMaker may assume it (None: not told)."""

    exists: bool
    trusts_sagemaker: bool | None = None


@dataclass(frozen=True)
class TokenFacts:
    """How long the credentials last: seconds (None: they do not end, or do not tell), and whether they renew."""

    seconds_left: float | None = None
    renews: bool = False
