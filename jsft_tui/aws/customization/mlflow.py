"""List the MLflow apps of SageMaker, and sign links to them.

An app costs money as long as it exists, so none is created here.
"""

from __future__ import annotations

from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.account.resources import Resource
from jsft_tui.core.common.text import clean

LINK_SECONDS = 300
"""For which a link to an app can be opened, once: the most that the service allows (botocore, sagemaker)."""


class MlflowApps:
    """The MLflow apps of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def apps(self) -> list[Resource]:
        """List the apps: ARN, name, status and version."""
        with translate_errors("list the MLflow apps"):
            pages = self._client.get_paginator("list_mlflow_apps").paginate()
            return [
                Resource(
                    str(row["Arn"]),
                    clean(str(row.get("Name") or "")),
                    clean(" ".join(str(row[key]) for key in ("Status", "MlflowVersion") if row.get(key))),
                )
                for page in pages
                for row in page["Summaries"]
            ]

    def link(self, arn: str) -> str:
        """Return a signed address of an app's own pages; whoever has it is signed in there."""
        with translate_errors("sign a link to the MLflow app"):
            answer = self._client.create_presigned_mlflow_app_url(Arn=arn, ExpiresInSeconds=LINK_SECONDS)
        return str(answer["AuthorizedUrl"])

    @property
    def _client(self) -> Any:
        return self._session.client("sagemaker")
