"""Move endpoints from one status to the next: Creating -> InService or Failed, Updating -> InService, Deleting -> gone.

All of its state is in the store: what a killed sandbox had begun goes on at the next start.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from jsft_tui.sandbox.serving.models.fleet import CannotDeploy, Fleet
from jsft_tui.sandbox.serving.resources.records import REASON_LIMIT, Deployment, Endpoint, EndpointStatus
from jsft_tui.sandbox.serving.resources.store import ServingStore

_log = logging.getLogger(__name__)

WORKERS = 4
IDLE_SECONDS = 60.0


@dataclass(frozen=True)
class ServingTimes:
    """Pretended times in seconds; on AWS an endpoint takes minutes.

    Attributes:
        create: from CreateEndpoint (or UpdateEndpoint) to InService, at least.
        delete: from DeleteEndpoint until it is gone.
        idle: without a request until an asynchronous endpoint is scaled to zero, if that is asked for.
    """

    create: float = 3.0
    delete: float = 1.5
    idle: float = 30.0


class ServingEngine:
    """Watches the endpoints of all regions."""

    def __init__(self, store: ServingStore, fleet: Fleet, times: ServingTimes | None = None) -> None:
        self._store = store
        self._fleet = fleet
        self._times = times or ServingTimes()
        self._changed = threading.Condition()
        self._is_notified = False
        self._is_closing = threading.Event()
        self._busy: set[tuple[str, str]] = set()
        self._pool = ThreadPoolExecutor(WORKERS, "serving")
        self._thread = threading.Thread(target=self._run, name="serving-engine", daemon=True)

    def start(self) -> None:
        """Start; endpoints that were changing at the last shutdown go on."""
        self._thread.start()

    def notify(self) -> None:
        """Look at the endpoints now."""
        with self._changed:
            self._is_notified = True
            self._changed.notify()

    def shutdown(self) -> None:
        """Stop the processes; endpoints stay, and what was changing goes on at the next start."""
        self._is_closing.set()
        self.notify()
        self._fleet.shutdown()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while not self._is_closing.is_set():
            for endpoint in self._store.endpoints.everywhere():
                if endpoint.status.is_changing:
                    self._submit(endpoint)
            with self._changed:
                self._changed.wait_for(lambda: self._is_notified, IDLE_SECONDS)
                self._is_notified = False

    def _submit(self, endpoint: Endpoint) -> None:
        key = (endpoint.region, endpoint.name)
        with self._changed:
            if key in self._busy or self._is_closing.is_set():
                return
            self._busy.add(key)
        self._pool.submit(self._change, key)

    def _change(self, key: tuple[str, str]) -> None:
        try:
            endpoint = self._store.endpoints.find(*key)
            if endpoint is not None and endpoint.status.is_changing:
                self._change_endpoint(endpoint)
        except Exception as problem:  # noqa: BLE001 - a bug of the sandbox is logged, and the endpoint must not hang
            _log.exception("endpoint %s", key[1])
            self._fail(key, f"InternalServerError: the sandbox failed ({problem!r}); see its log file")
        finally:
            with self._changed:
                self._busy.discard(key)
            self.notify()

    def _change_endpoint(self, endpoint: Endpoint) -> None:
        if endpoint.status is EndpointStatus.DELETING:
            self._delete(endpoint)
            return
        coming = endpoint.coming
        assert coming is not None
        try:
            self._fleet.deploy(endpoint, coming)
        except CannotDeploy as problem:
            if not self._is_closing.is_set():
                self._fleet.remove(endpoint, coming)
                self._end(endpoint, coming, str(problem))
            return
        if self._pause(endpoint.modified + self._times.create):
            self._end(endpoint, coming, None)

    def _end(self, endpoint: Endpoint, coming: Deployment, reason: str | None) -> None:
        """Write the end of a creation or an update, and drop what is not served any more."""
        before = endpoint.current
        reason = reason[:REASON_LIMIT] if reason else None

        def ended(found: Endpoint) -> Endpoint:
            if reason is None:
                return found.with_status(EndpointStatus.IN_SERVICE, current=coming, coming=None, asleep=())
            if found.current is None:
                return found.with_status(EndpointStatus.FAILED, failure_reason=reason)
            # The update is rolled back: what was served is still served.
            return found.with_status(EndpointStatus.IN_SERVICE, coming=None, failure_reason=reason)

        self._store.endpoints.update(endpoint.region, endpoint.name, ended)
        if reason is None and before is not None:
            self._fleet.remove(endpoint, before)

    def _delete(self, endpoint: Endpoint) -> None:
        for deployment in (endpoint.current, endpoint.coming):
            if deployment is not None:
                self._fleet.remove(endpoint, deployment)
        if self._pause(endpoint.modified + self._times.delete):
            self._store.endpoints.delete(endpoint.region, endpoint.name)

    def _pause(self, until: float) -> bool:
        """Wait until a pretended time is over; return whether the sandbox still runs."""
        # The system clock may have been set: no pretended time is longer than itself.
        seconds = min(until - time.time(), max(self._times.create, self._times.delete))
        return not self._is_closing.wait(max(0.0, seconds))

    def _fail(self, key: tuple[str, str], reason: str) -> None:
        def failed(found: Endpoint) -> Endpoint:
            return found.with_status(EndpointStatus.FAILED, failure_reason=reason[:REASON_LIMIT])

        try:
            self._store.endpoints.update(*key, failed)
        except KeyError:
            _log.info("endpoint %s is gone", key[1])
