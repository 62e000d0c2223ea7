"""Resources of an account that a run can use: roles, VPCs, subnets, security groups, keys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Resource:
    """One row of a list to choose from.

    Attributes:
        id: the value in the run: an ARN or an id.
        name: its name; may be empty.
        note: a short description; may be empty.
    """

    id: str
    name: str = ""
    note: str = ""
