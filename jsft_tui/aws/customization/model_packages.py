"""Model packages and their groups: list, describe, and create a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.account.resources import Resource
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.common.text import clean
from jsft_tui.core.customization.model_packages import GroupFacts, PackageFacts

_ABSENT = "does not exist"
"""Part of the message of a ValidationException, which is all the service says of an unknown group or package."""


class ModelPackages:
    """The model registry of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def groups(self) -> list[Resource]:
        """List the groups: ARN, name, description; the newest first."""
        with translate_errors("list the model package groups"):
            pages = self._pages("list_model_package_groups", SortBy="CreationTime", SortOrder="Descending")
            return [
                Resource(
                    str(row["ModelPackageGroupArn"]),
                    clean(str(row["ModelPackageGroupName"])),
                    clean(str(row.get("ModelPackageGroupDescription") or "")),
                )
                for page in pages
                for row in page["ModelPackageGroupSummaryList"]
            ]

    def packages(self, group: str) -> list[Resource]:
        """List the models of a group: ARN, version, status; the newest first."""
        with translate_errors(f"list the model packages of {group}"):
            pages = self._pages(
                "list_model_packages", ModelPackageGroupName=group, SortBy="CreationTime", SortOrder="Descending"
            )
            return [_package(row) for page in pages for row in page["ModelPackageSummaryList"]]

    def group(self, name: str) -> GroupFacts:
        """Describe a group by name or ARN."""
        try:
            with translate_errors(f"describe the model package group {name}"):
                found = self._client.describe_model_package_group(ModelPackageGroupName=name)
        except Problem as problem:
            if _is_absent(problem):
                return GroupFacts(False)
            raise
        return GroupFacts(True, clean(str(found.get("ModelPackageGroupStatus") or "")))

    def package(self, arn: str) -> PackageFacts:
        """Describe a model by ARN."""
        try:
            with translate_errors(f"describe the model package {arn}"):
                found = self._client.describe_model_package(ModelPackageName=arn)
        except Problem as problem:
            if _is_absent(problem):
                return PackageFacts(False)
            raise
        containers = (found.get("InferenceSpecification") or {}).get("Containers") or [{}]
        base = containers[0].get("BaseModel") or {}
        return PackageFacts(
            True,
            clean(str(found.get("ModelPackageStatus") or "")),
            clean(str(found.get("ModelPackageGroupName") or "")),
            clean(str(base.get("HubContentName") or "")),
        )

    def create_group(self, name: str) -> str:
        """Create a group and return its ARN."""
        try:
            with translate_errors(f"create the model package group {name}"):
                return str(self._client.create_model_package_group(ModelPackageGroupName=name)["ModelPackageGroupArn"])
        except Problem as problem:
            if "already exists" in problem.message:
                why = f"the model package group {name} exists already."
                raise Problem(
                    "GroupExists", why, "Use it, or choose another name.", kind=ProblemKind.REFUSED
                ) from problem
            raise

    def _pages(self, operation: str, **arguments: str) -> Any:
        return self._client.get_paginator(operation).paginate(**arguments)

    @property
    def _client(self) -> Any:
        return self._session.client("sagemaker")


def _package(row: Mapping[str, Any]) -> Resource:
    version, status = row.get("ModelPackageVersion"), str(row.get("ModelPackageStatus") or "")
    name = f"{row.get('ModelPackageGroupName') or ''} {version or ''}".strip()
    return Resource(str(row["ModelPackageArn"]), clean(name), clean(status))


def _is_absent(problem: Problem) -> bool:
    return problem.code in ("NotFound", "ResourceNotFound") or _ABSENT in problem.message
