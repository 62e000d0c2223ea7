"""Store the resources of serving on disk."""

from __future__ import annotations

from pathlib import Path

from jsft_tui.sandbox.serving.resources.records import (
    AsyncRequest,
    EndpointConfig,
    Model,
    read_endpoint,
    read_transform_job,
)
from jsft_tui.sandbox.state.database import Database
from jsft_tui.sandbox.state.documents import Documents


class ServingStore:
    """Models, endpoint configurations, endpoints, what waits for them, and transform jobs in one file."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path)
        self.models = Documents(self.database, "models", lambda document: Model(**document))
        self.configs = Documents(self.database, "endpoint_configs", lambda document: EndpointConfig(**document))
        self.endpoints = Documents(self.database, "endpoints", read_endpoint)
        self.transform_jobs = Documents(self.database, "transform_jobs", read_transform_job)
        self.async_requests = Documents(self.database, "async_requests", lambda document: AsyncRequest(**document))

    def close(self) -> None:
        """Close the file."""
        self.database.close()
