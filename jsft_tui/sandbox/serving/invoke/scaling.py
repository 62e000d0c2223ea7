"""Scale asynchronous endpoints to zero instances and back, if a scalable target with a MinCapacity of 0 asks for it.

Pretended: on AWS a scaling policy of Application Auto Scaling decides, by the metrics of the backlog, after minutes.
Here an endpoint without requests falls asleep after some seconds, and the next request wakes it; whether there is a
policy is not looked at. What a person sees is real: DescribeEndpoint tells of 0 instances, no process runs, and the
request waits until one has started.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from jsft_tui.sandbox.serving.invoke.asynchronous import AsyncQueue
from jsft_tui.sandbox.serving.models.fleet import Fleet
from jsft_tui.sandbox.serving.resources.records import Endpoint, EndpointStatus
from jsft_tui.sandbox.serving.resources.store import ServingStore

_log = logging.getLogger(__name__)

POLL_SECONDS = 1.0

MinCapacity = Callable[[str, str], "int | None"]
"""Returns the MinCapacity of a region's scalable target (`endpoint/NAME/variant/VARIANT`); None without one."""


class AsyncScaling:
    """Looks at the asynchronous endpoints from time to time."""

    def __init__(
        self, store: ServingStore, fleet: Fleet, queue: AsyncQueue, capacity: MinCapacity, idle_seconds: float
    ) -> None:
        """Let an endpoint fall asleep after `idle_seconds` without a request."""
        self._endpoints = store.endpoints
        self._fleet = fleet
        self._queue = queue
        self._capacity = capacity
        self._idle_seconds = idle_seconds
        self._busy: dict[tuple[str, str, float], float] = {}
        """When an endpoint was last seen with a request, or first seen; monotonic."""
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="async-scaling", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def shutdown(self) -> None:
        """Scale nothing more."""
        self._is_closing.set()

    def _run(self) -> None:
        while not self._is_closing.wait(min(POLL_SECONDS, self._idle_seconds)):
            for endpoint in self._endpoints.everywhere():
                try:
                    self._look(endpoint)
                except Exception:  # noqa: BLE001 - a bug of the sandbox is logged, and others are still scaled
                    _log.exception("scaling endpoint %s", endpoint.name)

    def _look(self, endpoint: Endpoint) -> None:
        deployment = endpoint.current
        if endpoint.status is not EndpointStatus.IN_SERVICE or deployment is None or not deployment.async_config:
            return
        key, now = (endpoint.region, endpoint.name, endpoint.created), time.monotonic()
        if self._queue.backlog(endpoint.region, endpoint.name):
            self._busy[key] = now
            return
        if now - self._busy.setdefault(key, now) < self._idle_seconds or endpoint.asleep:
            return
        (variant,) = deployment.variants  # an asynchronous endpoint has one
        if self._capacity(endpoint.region, f"endpoint/{endpoint.name}/variant/{variant.name}") != 0:
            return

        def asleep(found: Endpoint) -> Endpoint:
            is_same = found.created == endpoint.created and found.status is EndpointStatus.IN_SERVICE
            return replace(found, asleep=(variant.name,), modified=time.time()) if is_same else found

        def scale() -> None:
            if self._endpoints.update(endpoint.region, endpoint.name, asleep).asleep:
                self._fleet.log(endpoint, variant).note("no requests: scaled to 0 instances (pretended)")
                self._fleet.stop(endpoint, deployment)

        self._queue.while_idle(endpoint.region, endpoint.name, scale)
