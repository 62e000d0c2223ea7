"""Service quotas of SageMaker training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jsft_tui.aws.client.errors import asking
from jsft_tui.aws.client.session import AwsSession

SERVICE = "sagemaker"


@dataclass(frozen=True)
class AppliedQuota:
    """A quota of the account: its applied value, and its code in Service Quotas."""

    value: float
    code: str = ""


class Quotas:
    """The quotas of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def applied(self) -> dict[str, AppliedQuota]:
        """Every SageMaker quota of the account by its name (a few thousand rows: worth keeping)."""
        found: dict[str, AppliedQuota] = {}
        with asking("read the quotas"):
            pages = self._client.get_paginator("list_service_quotas").paginate(ServiceCode=SERVICE)
            for page in pages:
                for quota in page["Quotas"]:
                    if quota.get("Value") is not None:
                        code = str(quota.get("QuotaCode", ""))
                        found[str(quota["QuotaName"])] = AppliedQuota(float(quota["Value"]), code)
        return found

    @property
    def _client(self) -> Any:
        return self._session.client("service-quotas")
