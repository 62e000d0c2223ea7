"""Keep the list of a target's endpoints up to date with few calls. Single owner, immutable snapshots."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.serving.listed.spending import EndpointSpending, endpoint_spending
from jsft_tui.core.serving.teardown import Leftovers
from jsft_tui.core.serving.traffic import Calls
from jsft_tui.core.sizing.pricing import Price

MINUTE = 60.0
LEFTOVERS_PERIOD = 5 * MINUTE
"""Seconds between two looks for leftovers: every configuration is described."""
LONGEST_PAUSE = 5 * MINUTE
"""The most seconds between two calls while they fail."""


class ListedEndpoints(Protocol):
    """What the list asks for."""

    def all(self) -> list[Endpoint]:
        """Return all endpoints of the region."""

    def leftovers(self) -> Leftovers:
        """Return configurations and models that no endpoint uses."""


ReadCalls = Callable[[Sequence[Endpoint], float], Mapping[str, Calls]]
"""Endpoints, the time in epoch seconds -> the calls of each, by name."""


def pause_of(endpoints: Sequence[Endpoint], *, is_shown: bool, is_local: bool) -> float | None:
    """Return the seconds between two calls; None if nothing visible can change.

    Args:
        endpoints: those that are known.
        is_shown: whether the list is on screen, or only the header.
        is_local: whether the service runs on this machine, where calls cost nothing.
    """
    changes = any(each.status.is_changing for each in endpoints)
    if changes and is_local:
        return 1.0
    if changes:
        return 10.0 if is_shown else 30.0
    if is_shown:
        return 20.0 if is_local else MINUTE
    return 5 * MINUTE if endpoints else None


@dataclass(frozen=True)
class EndpointListState:
    """What is known of the endpoints.

    Attributes:
        endpoints: those that jsft made first, the newest first.
        prices: of hosting, by instance type; None while they are not known.
        calls: endpoint -> its calls, as far as they are known.
        leftovers: what no endpoint uses; None while it is not known.
        asked: when the list was last read, in epoch seconds; None before the first time.
        problem: why the last read failed; None if it succeeded.
        incomplete: why leftovers or calls could not be read; None if they could.
    """

    endpoints: tuple[Endpoint, ...] = ()
    prices: Mapping[str, Price] | None = None
    calls: Mapping[str, Calls] = field(default_factory=dict)
    leftovers: Leftovers | None = None
    asked: float | None = None
    problem: Problem | None = None
    incomplete: Problem | None = None

    def get(self, name: str) -> Endpoint | None:
        """Return an endpoint by its name; None if it is not in the list."""
        return next((each for each in self.endpoints if each.name == name), None)

    @property
    def spending(self) -> EndpointSpending:
        """What the endpoints cost that run."""
        return endpoint_spending(self.endpoints, self.prices or {})


class EndpointListStore:
    """The owner of the list. Its methods call the service, may run in any thread, and return the new state."""

    def __init__(
        self,
        endpoints: ListedEndpoints,
        prices: Callable[[], Mapping[str, Price]],
        *,
        is_local: bool,
        calls: ReadCalls | None = None,
        on_refresh: Callable[[EndpointListState], None] = lambda _: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Create an empty list; without a reader no calls are known. `now` returns epoch seconds.

        `on_refresh` is called with the state after each refresh, in its thread.
        """
        self._endpoints, self._prices, self._read_calls = endpoints, prices, calls
        self._is_local, self._now, self._on_refresh = is_local, now, on_refresh
        self._calling = threading.Lock()
        self._failures = 0
        self._changes = 0
        """How often something changed what is left behind."""
        self._looked: tuple[int, float] | None = None
        """The number of changes before leftovers were last looked for, and when."""
        self._state = EndpointListState()

    @property
    def state(self) -> EndpointListState:
        """The latest state."""
        return self._state

    def pause(self, *, is_shown: bool) -> float | None:
        """Return the seconds until the next refresh is due; None if none is. While calls fail it grows."""
        state = self._state
        found = pause_of(state.endpoints, is_shown=is_shown, is_local=self._is_local)
        if not self._failures:
            return found
        if found is None and not (state.problem is not None and state.problem.retryable):
            return None
        return min(LONGEST_PAUSE, max(found or 0.0, 5.0) * 2.0**self._failures)

    def forget(self) -> None:
        """Look for leftovers again the next time."""
        self._changes += 1

    def refresh(self) -> EndpointListState:
        """Read the endpoints and what they cost.

        Raises:
            Problem: they cannot be read. Those that are known stay.
        """
        with self._calling:
            try:
                endpoints = tuple(self._endpoints.all())
            except Problem as problem:
                self._failures = min(self._failures + 1, 8)
                self._state = replace(self._state, problem=problem)
                raise
            self._failures = 0
            # Without endpoints nothing has a price; the price list is long.
            prices = self._prices() if endpoints else self._state.prices
            self._state = replace(self._state, endpoints=endpoints, prices=prices, asked=self._now(), problem=None)
            self._on_refresh(self._state)
            return self._state

    def refresh_all(self, each: Callable[[EndpointListState], None] = lambda _: None) -> EndpointListState:
        """Read also what only the list itself shows: the calls, and what was left behind.

        Args:
            each: called with the state as soon as the endpoints are read.

        Raises:
            Problem: the endpoints cannot be read.
        """
        each(self.refresh())
        with self._calling:
            state, missed, changes = self._state, None, self._changes
            try:
                if self._read_calls is not None and state.endpoints:
                    state = replace(state, calls=self._read_calls(state.endpoints, self._now()))
                if self._are_leftovers_due(changes):
                    state = replace(state, leftovers=self._endpoints.leftovers())
                    self._looked = changes, self._now()
            except Problem as problem:
                missed = problem
            self._state = replace(state, incomplete=missed)
            self._on_refresh(self._state)
            return self._state

    def _are_leftovers_due(self, changes: int) -> bool:
        if self._looked is None or self._looked[0] != changes:
            return True
        return self._now() - self._looked[1] >= LEFTOVERS_PERIOD
