"""Read KMS keys. Read-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.account.kms import ENABLED, ENCRYPTION, SYMMETRIC, KeyFacts
from jsft_tui.core.account.resources import Resource
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean

MISSING = frozenset({"NotFound", "NotFoundException"})


class Kms:
    """The KMS keys of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def key(self, key: str) -> KeyFacts:
        """Read a key by id, ARN or alias."""
        try:
            with translate_errors(f"describe the KMS key {key}"):
                return _facts(self._client.describe_key(KeyId=key)["KeyMetadata"])
        except Problem as problem:
            if problem.code in MISSING:
                return KeyFacts(False)
            raise

    def keys(self) -> list[Resource]:
        """List the account's keys in the region: ARN, first alias as name, further aliases as note.

        AWS managed keys (`alias/aws/...`) are left out: a training job cannot use them.
        """
        with translate_errors("list the KMS keys"):
            keys = [row for page in self._pages("list_keys") for row in page["Keys"]]
            aliases = [row for page in self._pages("list_aliases") for row in page["Aliases"]]
            found = _customer_keys(keys, aliases)
        return sorted(found, key=lambda key: (not key.name, key.name, key.id))

    def _pages(self, operation: str) -> Any:
        return self._client.get_paginator(operation).paginate()

    @property
    def _client(self) -> Any:
        return self._session.client("kms")


def _facts(data: Mapping[str, Any]) -> KeyFacts:
    return KeyFacts(
        exists=True,
        arn=_arn(data["Arn"]),
        state=str(data.get("KeyState", ENABLED)),
        usage=str(data.get("KeyUsage", ENCRYPTION)),
        spec=str(data.get("KeySpec", SYMMETRIC)),
        is_managed=data.get("KeyManager") == "AWS",
    )


def _customer_keys(keys: Sequence[Mapping[str, Any]], aliases: Sequence[Mapping[str, Any]]) -> list[Resource]:
    of_key: dict[str, list[str]] = {}
    for row in aliases:
        of_key.setdefault(str(row.get("TargetKeyId", "")), []).append(clean(str(row["AliasName"])))
    found = []
    for row in keys:
        names = sorted(of_key.get(str(row["KeyId"]), ()))
        if not any(name.startswith("alias/aws/") for name in names):
            found.append(Resource(_arn(row["KeyArn"]), names[0] if names else "", ", ".join(names[1:])))
    return found


def _arn(value: Any) -> str:
    if not str(value).startswith("arn:"):
        raise ValueError("a key's ARN is none")
    return str(value)
