"""The caller, its credentials, and the execution role."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """The caller: the account and the ARN of the user or role."""

    account: str
    arn: str


@dataclass(frozen=True)
class RoleFacts:
    """An execution role: whether it exists, and whether SageMaker may assume it (None: not determined)."""

    exists: bool
    trusts_sagemaker: bool | None = None


@dataclass(frozen=True)
class TokenFacts:
    """The remaining lifetime of the credentials in seconds (None: unlimited or unknown), and whether they renew."""

    seconds_left: float | None = None
    renews: bool = False
