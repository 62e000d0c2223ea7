"""Things of an account that a run can name: roles, VPCs, subnets, security groups, keys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Resource:
    """One row of a list to choose from.

    Attributes:
        id: what the run takes: an ARN or an id.
        name: what people call it; may be empty.
        note: what helps to choose, in a few words; may be empty.
    """

    id: str
    name: str = ""
    note: str = ""
