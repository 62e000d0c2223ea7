"""Model packages: where customized models are registered, and what they were customized from."""

from __future__ import annotations

import re
from dataclasses import dataclass

GROUP_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
"""EntityName of CreateModelPackageGroup (botocore, sagemaker)."""


@dataclass(frozen=True)
class GroupFacts:
    """Whether a model package group exists, and its status (`Completed` when it can be used)."""

    exists: bool
    status: str = ""


@dataclass(frozen=True)
class PackageFacts:
    """A registered model.

    Attributes:
        exists: whether there is one.
        status: `Completed` when it can be used.
        group: the name of its group.
        base_model: the JumpStart model that it was customized from; empty for any other model.
    """

    exists: bool
    status: str = ""
    group: str = ""
    base_model: str = ""
