"""Read the service quotas of SageMaker training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession

SERVICE = "sagemaker"


@dataclass(frozen=True)
class AppliedQuota:
    """A quota of the account: its applied value, and its code in Service Quotas."""

    value: float
    code: str = ""


class Quotas:
    """The service quotas of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def applied(self) -> dict[str, AppliedQuota]:
        """Read every SageMaker quota of the account by name (a few thousand rows, so callers cache it)."""
        found: dict[str, AppliedQuota] = {}
        with translate_errors("read the quotas"):
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
