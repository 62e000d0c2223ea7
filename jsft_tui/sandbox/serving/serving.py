"""All of serving: its services, and what runs behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jsft_tui.sandbox.cloudwatch.logs import LogsService
from jsft_tui.sandbox.cloudwatch.metrics import MetricsService
from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.replies import Reply
from jsft_tui.sandbox.http.service import JsonService
from jsft_tui.sandbox.serving.hosting.api import HostingService
from jsft_tui.sandbox.serving.hosting.engine import ServingEngine, ServingTimes
from jsft_tui.sandbox.serving.hosting.request_validation import Account
from jsft_tui.sandbox.serving.invoke.asynchronous import AsyncQueue
from jsft_tui.sandbox.serving.invoke.invocation import RuntimeService
from jsft_tui.sandbox.serving.invoke.scaling import AsyncScaling, MinCapacity
from jsft_tui.sandbox.serving.models.fleet import Fleet
from jsft_tui.sandbox.serving.models.output import InvocationMetrics
from jsft_tui.sandbox.serving.resources.store import ServingStore
from jsft_tui.sandbox.serving.resources.tags import ServingTags
from jsft_tui.sandbox.serving.transform.api import TransformService
from jsft_tui.sandbox.serving.transform.runner import TransformRunner

if TYPE_CHECKING:
    from jsft_tui.sandbox.s3.storage.store import ObjectStore


@dataclass(frozen=True)
class Backing:
    """What serving uses of the sandbox.

    Attributes:
        roles: returns whether SageMaker can assume the role with that ARN.
        min_capacity: of scalable targets.
    """

    store: ObjectStore
    logs: LogsService
    metrics: MetricsService
    roles: Callable[[str], bool]
    min_capacity: MinCapacity


class Serving:
    """Models, endpoints and transform jobs.

    Attributes:
        services: the parts of SageMaker's API.
    """

    def __init__(self, state_dir: Path, backing: Backing, times: ServingTimes | None = None) -> None:
        """Open the store in the sandbox's state folder."""
        chosen = times or ServingTimes()
        store = ServingStore(state_dir / "serving.sqlite")
        account = Account(backing.store, backing.roles)
        fleet = Fleet(backing.store, backing.logs, state_dir / "endpoints")
        self._engine = ServingEngine(store, fleet, chosen)
        self._transforms = TransformRunner(store, backing.store, backing.logs, state_dir / "transforms")
        self._runtime = RuntimeService(store, fleet, InvocationMetrics(backing.metrics))
        self._queue = AsyncQueue(store, self._runtime, backing.store)
        self._scaling = AsyncScaling(store, fleet, self._queue, backing.min_capacity, chosen.idle)
        self.services: tuple[JsonService, ...] = (
            HostingService(store, account, self._engine),
            TransformService(store, account, self._transforms),
            ServingTags(store),
        )

    def start(self) -> None:
        """Start what runs in the background."""
        self._engine.start()
        self._transforms.start()
        self._queue.start()
        self._scaling.start()

    def shutdown(self) -> None:
        """Stop all processes; endpoints, and what waits, are there again at the next start."""
        self._scaling.shutdown()
        self._queue.shutdown()
        self._engine.shutdown()
        self._transforms.shutdown()

    def invoke(self, operation: str, request: Request, region: str, body: bytes) -> Reply | None:
        """Answer a request of the runtime API; None for an operation that is not implemented.

        Raises:
            ApiError: the request is refused before it reaches a model.
        """
        if operation == "InvokeEndpoint":
            return self._runtime.invoke(request, region, body)
        if operation == "InvokeEndpointAsync":
            return self._queue.invoke(request, region, body)
        return None
