"""Subjects: what the checks of a preflight are about, as a person asks."""

from __future__ import annotations

from enum import Enum


class Subject(Enum):
    """What a check is about; the values are labels, in the order in which they are shown."""

    ACCOUNT = "Account"
    ROLE = "Role"
    DATA = "Data"
    MODEL = "Model"
    INSTANCE = "Instance"
    VALUES = "Values"
    OUTPUT = "Output"
    COST = "Cost"
