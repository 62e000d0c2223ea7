"""Keep model package groups and the models that customizations registered in them; serve their operations."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jsft_tui.sandbox.http.sagemaker_api import SageMakerService, numbered_page
from jsft_tui.sandbox.http.service import ACCOUNT_ID, ApiError, Call
from jsft_tui.sandbox.state.database import Database

COMPLETED = "Completed"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS groups(
    region TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY(region, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS packages(
    region TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY(region, name, version)) WITHOUT ROWID;
"""

Document = dict[str, Any]


class ModelPackageStore:
    """The model registry, on disk; every change is durable.

    Documents have the members of DescribeModelPackageGroup and DescribeModelPackage.
    """

    def __init__(self, file: Path) -> None:
        self._database = Database(file, _SCHEMA)

    def create_group(self, region: str, name: str, description: str | None) -> str:
        """Store a new group and return its ARN.

        Raises:
            ApiError: `ValidationException`: the name is taken.
        """
        arn = _arn(region, "model-package-group", name)
        document: Document = {
            "ModelPackageGroupName": name,
            "ModelPackageGroupArn": arn,
            "CreationTime": time.time(),
            "CreatedBy": {},
            "ModelPackageGroupStatus": COMPLETED,
            **({"ModelPackageGroupDescription": description} if description else {}),
        }
        with self._database.transaction() as connection:
            rows = "INSERT OR IGNORE INTO groups VALUES (?,?,?)"
            if not connection.execute(rows, (region, name, json.dumps(document))).rowcount:
                raise ApiError("ValidationException", f"Model Package Group already exists: {arn}")
        return arn

    def groups(self, region: str) -> list[Document]:
        """Return all groups of a region."""
        return self._documents("SELECT document FROM groups WHERE region=?", region)

    def group(self, region: str, name_or_arn: str) -> Document:
        """Return a group.

        Raises:
            ApiError: `ValidationException`: there is none.
        """
        name = name_or_arn.rpartition("/")[2]
        found = self._documents("SELECT document FROM groups WHERE region=? AND name=?", region, name)
        arn = name_or_arn if name_or_arn.startswith("arn:") else _arn(region, "model-package-group", name)
        if not found or found[0]["ModelPackageGroupArn"] != arn:
            raise ApiError("ValidationException", f"ModelPackageGroup {arn} does not exist.")
        return found[0]

    def register(self, region: str, group: str, members: Mapping[str, Any]) -> str:
        """Store a new model in a group, with the next version, and return its ARN."""
        with self._database.transaction() as connection:
            last = "SELECT MAX(version) FROM packages WHERE region=? AND name=?"
            version = (connection.execute(last, (region, group)).fetchone()[0] or 0) + 1
            arn = f"{_arn(region, 'model-package', group)}/{version}"
            document = {
                "ModelPackageName": group,
                "ModelPackageGroupName": group,
                "ModelPackageVersion": version,
                "ModelPackageArn": arn,
                "CreationTime": time.time(),
                "ModelPackageStatus": COMPLETED,
                "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
                "ModelApprovalStatus": "PendingManualApproval",
                **members,
            }
            row = (region, group, version, json.dumps(document))
            connection.execute("INSERT INTO packages VALUES (?,?,?,?)", row)
        return arn

    def packages(self, region: str, group: str | None) -> list[Document]:
        """Return the models of a group, or of all."""
        if group is None:
            return self._documents("SELECT document FROM packages WHERE region=?", region)
        return self._documents("SELECT document FROM packages WHERE region=? AND name=?", region, group)

    def package(self, region: str, arn: str) -> Document:
        """Return a model by its ARN.

        Raises:
            ApiError: `ValidationException`: there is none.
        """
        group = arn.rpartition("/")[0].rpartition("/")[2]
        for document in self.packages(region, group):
            if document["ModelPackageArn"] == arn:
                return document
        raise ApiError("ValidationException", f"ModelPackage {arn} does not exist.")

    def _documents(self, statement: str, *values: object) -> list[Document]:
        with self._database.reading() as connection:
            return [json.loads(text) for (text,) in connection.execute(statement, values).fetchall()]


class ModelPackageService(SageMakerService):
    """The operations of the model registry that jsft and the SDK's trainers use."""

    def __init__(self, store: ModelPackageStore) -> None:
        self._store = store
        super().__init__(
            {
                "CreateModelPackageGroup": self._create_group,
                "DescribeModelPackageGroup": self._describe_group,
                "ListModelPackageGroups": self._list_groups,
                "DescribeModelPackage": self._describe_package,
                "ListModelPackages": self._list_packages,
            }
        )

    def _create_group(self, call: Call) -> Document:
        wanted = call.parameters
        name, description = wanted["ModelPackageGroupName"], wanted.get("ModelPackageGroupDescription")
        return {"ModelPackageGroupArn": self._store.create_group(call.region, name, description)}

    def _describe_group(self, call: Call) -> Document:
        return self._store.group(call.region, call.parameters["ModelPackageGroupName"])

    def _list_groups(self, call: Call) -> Document:
        found = self._store.groups(call.region)
        return _page(found, call.parameters, "ModelPackageGroup", "ModelPackageGroupSummaryList", _GROUP_SUMMARY)

    def _describe_package(self, call: Call) -> Document:
        return self._store.package(call.region, call.parameters["ModelPackageName"])

    def _list_packages(self, call: Call) -> Document:
        group = call.parameters.get("ModelPackageGroupName")
        if group is not None:
            group = str(self._store.group(call.region, group)["ModelPackageGroupName"])
        approval = call.parameters.get("ModelApprovalStatus")
        # All models here are versions in a group.
        is_versioned = call.parameters.get("ModelPackageType") != "Unversioned"
        found = [
            document
            for document in self._store.packages(call.region, group)
            if approval in (None, document["ModelApprovalStatus"]) and (is_versioned or group is not None)
        ]
        return _page(found, call.parameters, "ModelPackage", "ModelPackageSummaryList", _PACKAGE_SUMMARY)


_GROUP_SUMMARY = (
    "ModelPackageGroupName",
    "ModelPackageGroupArn",
    "ModelPackageGroupDescription",
    "CreationTime",
    "ModelPackageGroupStatus",
)
_PACKAGE_SUMMARY = (
    "ModelPackageName",
    "ModelPackageGroupName",
    "ModelPackageVersion",
    "ModelPackageArn",
    "ModelPackageDescription",
    "CreationTime",
    "ModelPackageStatus",
    "ModelApprovalStatus",
)


def _page(
    documents: Sequence[Document], wanted: Mapping[str, Any], kind: str, member: str, summary: Sequence[str]
) -> Document:
    """Return a page of summaries: filtered, sorted, from the position in the token."""
    keys = {"Name": f"{kind}Name", "CreationTime": "CreationTime"}
    key = keys[wanted.get("SortBy", "CreationTime")]
    found = [
        document
        for document in documents
        if wanted.get("NameContains", "") in document[f"{kind}Name"]
        and wanted.get("CreationTimeAfter", 0) < document["CreationTime"]
        and document["CreationTime"] < wanted.get("CreationTimeBefore", float("inf"))
    ]
    is_descending = wanted.get("SortOrder", "Ascending") == "Descending"
    found.sort(key=lambda document: (document[key], document[f"{kind}Arn"]), reverse=is_descending)
    page, more = numbered_page(found, wanted)
    return {member: [{name: each[name] for name in summary if name in each} for each in page], **more}


def _arn(region: str, kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{region}:{ACCOUNT_ID}:{kind}/{name}"
