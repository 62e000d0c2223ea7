"""Service quotas of SageMaker training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class OtherQuota:
    """A further quota: its value, how much of it is in use, and how much the run needs."""

    name: str
    limit: float
    in_use: float
    wanted: float
    code: str = ""


@dataclass(frozen=True)
class QuotaFacts:
    """The quota of an instance type, and its use.

    Attributes:
        name: its name.
        limit: its applied value; None: not determined.
        in_use: instances that running jobs use; None: not determined.
        code: its code in Service Quotas; empty when it is not known.
        others: further quotas that the run needs.
        free: types that the model supports -> instances that could be started now.
    """

    name: str
    limit: float | None
    in_use: int | None
    code: str = ""
    others: tuple[OtherQuota, ...] = ()
    free: Mapping[str, float] = field(default_factory=dict)
