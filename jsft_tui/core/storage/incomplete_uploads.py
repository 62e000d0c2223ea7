"""Multipart uploads that were neither completed nor aborted: S3 keeps, and bills, their parts until then.

Source: S3 user guide, "Uploading and copying objects using multipart upload" and "Configuring a bucket lifecycle
configuration to delete incomplete multipart uploads".
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from jsft_tui.core.common.text import plural
from jsft_tui.core.storage.uri import S3Uri

DAYS = 7
"""Days after which the offered rule lets S3 delete the parts."""


@dataclass(frozen=True)
class IncompleteUpload:
    """A multipart upload: the object that it would become, its id, and its start in epoch seconds (None: unknown)."""

    uri: S3Uri
    id: str
    started: float | None = None


@dataclass(frozen=True)
class Cleared:
    """What was done about earlier uploads of jsft's own: the number aborted, and those that could not be."""

    aborted: int = 0
    kept: tuple[IncompleteUpload, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to tell the person; empty if there was nothing."""
        found = []
        if self.aborted:
            found.append(f"Deleted the parts that {plural(self.aborted, 'interrupted upload')} of jsft had left in S3.")
        if self.kept:
            places = ", ".join(sorted({str(upload.uri) for upload in self.kept})[:3])
            found.append(
                f"The parts of {plural(len(self.kept), 'interrupted upload')} could not be deleted and cost storage: "
                f"{places}. A lifecycle rule deletes such parts: see jsft s3 leftovers."
            )
        return tuple(found)


def lifecycle_rule() -> str:
    """Return the lifecycle rule, as JSON, that deletes the parts of incomplete uploads."""
    rule = {
        "ID": "abort-incomplete-uploads",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": DAYS},
    }
    return json.dumps({"Rules": [rule]}, indent=2)


def lifecycle_advice(bucket: str) -> str:
    """Return how to add the rule to a bucket."""
    return (
        f"A lifecycle rule of the bucket {bucket} lets S3 delete such parts after {DAYS} days. Add it to the bucket's "
        "rules (S3 console: Management, Lifecycle rules; put-bucket-lifecycle-configuration replaces all rules):"
    )
