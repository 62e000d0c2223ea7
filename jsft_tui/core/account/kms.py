"""KMS keys, and whether a training job can use one."""

from __future__ import annotations

from dataclasses import dataclass

ENABLED = "Enabled"
SYMMETRIC = "SYMMETRIC_DEFAULT"
ENCRYPTION = "ENCRYPT_DECRYPT"


@dataclass(frozen=True)
class KeyFacts:
    """A KMS key as described by DescribeKey.

    Attributes:
        exists: whether the key exists in this account and region.
        arn: its ARN, even if it was requested by its alias.
        state: KeyState, for example `Enabled`, `Disabled`, `PendingDeletion`.
        usage: KeyUsage; spec: KeySpec.
        is_managed: whether it is AWS's own (`aws/s3`), whose policy lets everybody in the account use it through S3.
    """

    exists: bool
    arn: str = ""
    state: str = ENABLED
    usage: str = ENCRYPTION
    spec: str = SYMMETRIC
    is_managed: bool = False


def is_alias(key: str) -> bool:
    """Return whether a key is given as an alias or an alias ARN."""
    return key.startswith("alias/") or ":alias/" in key


def region_of_key(key: str) -> str | None:
    """Return the region in a key's ARN; None for a bare id or alias."""
    parts = key.split(":")
    return parts[3] if len(parts) >= 6 and parts[0] == "arn" and parts[2] == "kms" else None
