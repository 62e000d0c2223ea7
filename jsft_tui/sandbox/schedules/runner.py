"""Call the targets of schedules whose time has come.

On AWS this happens within a minute of the time. A call that is refused is repeated as the retry policy of the target
says, here after seconds and not with growing pauses. What came due while no sandbox ran is called at its next start.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from jsft_tui.sandbox.http.service import ApiError, Call, JsonService
from jsft_tui.sandbox.schedules.records import Schedule, ScheduleStore, iso, operation_of

_log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
RETRY_SECONDS = 5.0
MOST_ATTEMPTS = 185
"""MaximumRetryAttempts of a target that names none (RetryPolicy)."""


class ScheduleRunner:
    """Looks at the schedules once a second."""

    def __init__(
        self, store: ScheduleStore, services: Mapping[str, JsonService], clock: Callable[[], float] = time.time
    ) -> None:
        """Call these services, by botocore's names; `clock` tells epoch seconds."""
        self._store = store
        self._services = services
        self._clock = clock
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedules", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def shutdown(self) -> None:
        """Call nothing more; what comes due is called at the next start."""
        self._is_closing.set()

    def call_due(self) -> None:
        """Call the targets whose time has come."""
        for schedule in self._store.due(self._clock()):
            try:
                self._call(schedule)
            except Exception:  # noqa: BLE001 - a bug of the sandbox is logged, and others are still called
                _log.exception("schedule %s", schedule.name)
                self._store.put(replace(schedule, due=None), schedule)

    def _run(self) -> None:
        while not self._is_closing.wait(POLL_SECONDS):
            self.call_due()

    def _call(self, schedule: Schedule) -> None:
        target: Mapping[str, Any] = schedule.request["Target"]
        operation = operation_of(target["Arn"])
        assert operation is not None
        call = Call(operation[1], json.loads(target.get("Input") or "{}"), schedule.region)
        service = self._services[operation[0]]
        try:
            if not service.handles(call):
                raise ApiError("UnsupportedOperationException", f"The sandbox does not implement {operation[1]}.")
            service.answer(call)
        except (ApiError, KeyError, TypeError) as problem:  # KeyError, TypeError: the Input lacks a member
            self._repeat(schedule, problem)
            return
        _log.info("schedule %s called %s at %s", schedule.name, operation[1], iso(self._clock()))
        self._finish(schedule)

    def _repeat(self, schedule: Schedule, problem: Exception) -> None:
        policy = schedule.request["Target"].get("RetryPolicy") or {}
        if schedule.attempts >= policy.get("MaximumRetryAttempts", MOST_ATTEMPTS):
            _log.warning("schedule %s gives up: %s", schedule.name, problem)
            self._finish(schedule)
            return
        again = replace(schedule, attempts=schedule.attempts + 1, due=self._clock() + RETRY_SECONDS)
        self._store.put(again, schedule)

    def _finish(self, schedule: Schedule) -> None:
        if schedule.is_deleted_afterwards:
            self._store.delete(schedule)
        else:
            self._store.put(replace(schedule, due=None), schedule)
