"""KMS keys (reading only)."""

from __future__ import annotations

from typing import Any

from jsft_tui.aws.client.errors import asking
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.account.kms import ENABLED, ENCRYPTION, SYMMETRIC, KeyFacts
from jsft_tui.core.account.resources import Resource
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean

MISSING = frozenset({"NotFound", "NotFoundException"})


class Kms:
    """The keys of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def key(self, key: str) -> KeyFacts:
        """What there is of a key named by id, ARN or alias."""
        try:
            with asking(f"look at the KMS key {key}"):
                data = self._client.describe_key(KeyId=key)["KeyMetadata"]
        except Problem as problem:
            if problem.code in MISSING:
                return KeyFacts(False)
            raise
        return KeyFacts(
            exists=True,
            arn=str(data.get("Arn", "")),
            state=str(data.get("KeyState", ENABLED)),
            usage=str(data.get("KeyUsage", ENCRYPTION)),
            spec=str(data.get("KeySpec", SYMMETRIC)),
        )

    def keys(self) -> list[Resource]:
        """All keys of the account in the region: id, first alias as name, further aliases as note.

        AWS's own keys (`alias/aws/...`) of other services are left out: a training job cannot use them.
        """
        with asking("list the KMS keys"):
            keys = [row for page in self._pages("list_keys") for row in page["Keys"]]
            aliases = [row for page in self._pages("list_aliases") for row in page["Aliases"]]
        of_key: dict[str, list[str]] = {}
        for row in aliases:
            of_key.setdefault(str(row.get("TargetKeyId", "")), []).append(clean(str(row["AliasName"])))
        found = []
        for row in keys:
            names = sorted(of_key.get(str(row["KeyId"]), ()))
            if not any(name.startswith("alias/aws/") for name in names):
                found.append(Resource(str(row["KeyArn"]), names[0] if names else "", ", ".join(names[1:])))
        return sorted(found, key=lambda key: (not key.name, key.name, key.id))

    def _pages(self, operation: str) -> Any:
        return self._client.get_paginator(operation).paginate()

    @property
    def _client(self) -> Any:
        return self._session.client("kms")
