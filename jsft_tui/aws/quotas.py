"""Service quotas of SageMaker training."""

from __future__ import annotations

from typing import Any

from jsft_tui.aws.session import AwsSession
from jsft_tui.aws.translate import asking

SERVICE = "sagemaker"


class Quotas:
    """The quotas of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def applied(self) -> dict[str, float]:
        """The applied value of every SageMaker quota by its name (a few thousand rows: worth caching)."""
        found: dict[str, float] = {}
        with asking("read the quotas"):
            pages = self._client.get_paginator("list_service_quotas").paginate(ServiceCode=SERVICE)
            for page in pages:
                for quota in page["Quotas"]:
                    if quota.get("Value") is not None:
                        found[str(quota["QuotaName"])] = float(quota["Value"])
        return found

    @property
    def _client(self) -> Any:
        return self._session.client("service-quotas")
