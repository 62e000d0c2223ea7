"""The list of endpoints asks as often as it has to, and keeps what it knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.endpoint import Endpoint, EndpointStatus
from jsft_tui.core.serving.teardown import Leftovers
from jsft_tui.core.serving.traffic import Calls
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.services.serving.endpoint_list import EndpointListState, EndpointListStore, pause_of

RUNS = Endpoint("runs", "arn", EndpointStatus.IN_SERVICE, 0.0, "runs")
STARTS = Endpoint("starts", "arn", EndpointStatus.CREATING, 0.0, "starts")
LOST = Problem("Unreachable", "no connection.", retryable=True)


class Region:
    """A region's endpoints, and what was asked of it."""

    def __init__(self) -> None:
        self.endpoints: list[Endpoint] = [RUNS]
        self.left = Leftovers(("c",), ())
        self.problem: Problem | None = None
        self.asked: list[str] = []
        self.time = 1_000.0

    def all(self) -> list[Endpoint]:
        self.asked.append("endpoints")
        if self.problem is not None:
            raise self.problem
        return list(self.endpoints)

    def leftovers(self) -> Leftovers:
        self.asked.append("leftovers")
        return self.left

    def prices(self) -> Mapping[str, Price]:
        self.asked.append("prices")
        return {"ml.m5.large": Price(0.1, "list")}

    def calls(self, endpoints: Sequence[Endpoint], now: float) -> Mapping[str, Calls]:
        self.asked.append("calls")
        return {each.name: Calls(0.0, ((now, 1.0),)) for each in endpoints}

    def store(self, *, is_local: bool = False) -> EndpointListStore:
        return EndpointListStore(self, self.prices, is_local=is_local, calls=self.calls, now=lambda: self.time)


def test_the_header_needs_the_endpoints_and_their_prices_only() -> None:
    region = Region()
    state = region.store().refresh()
    assert region.asked == ["endpoints", "prices"]
    assert state.endpoints == (RUNS,)
    assert state.asked == 1_000.0
    assert state.leftovers is None
    assert state.get("runs") is RUNS
    assert state.get("other") is None


def test_without_endpoints_no_price_is_asked_for() -> None:
    region = Region()
    region.endpoints = []
    assert region.store().refresh().prices is None
    assert region.asked == ["endpoints"]


def test_what_happens_during_a_look_for_leftovers_is_looked_for_the_next_time() -> None:
    region = Region()
    store = region.store()
    look = region.leftovers

    def delete_meanwhile() -> Leftovers:
        store.forget()
        return look()

    region.leftovers = delete_meanwhile  # type: ignore[method-assign]
    store.refresh_all()
    region.leftovers, region.left = look, Leftovers()  # type: ignore[method-assign]
    assert store.refresh_all().leftovers == Leftovers()


def test_the_list_looks_for_leftovers_only_now_and_then() -> None:
    region = Region()
    store, seen = region.store(), list[EndpointListState]()
    state = store.refresh_all(seen.append)
    assert region.asked == ["endpoints", "prices", "calls", "leftovers"]
    assert (state.leftovers, state.calls["runs"].within(60, 1_000.0)) == (Leftovers(("c",), ()), 1)
    assert seen[0].leftovers is None
    region.asked.clear()
    store.refresh_all()
    assert "leftovers" not in region.asked
    store.forget()
    store.refresh_all()
    assert region.asked.count("leftovers") == 1
    region.time += 301
    store.refresh_all()
    assert region.asked.count("leftovers") == 2


def test_what_cannot_be_read_leaves_what_is_known() -> None:
    region = Region()
    store = region.store()
    store.refresh_all()
    region.problem = LOST
    with pytest.raises(Problem):
        store.refresh()
    assert store.state.problem is LOST
    assert store.state.endpoints == (RUNS,)
    assert store.pause(is_shown=True) == 120.0
    with pytest.raises(Problem):
        store.refresh()
    assert store.pause(is_shown=True) == 240.0
    region.problem = None
    assert store.refresh().problem is None
    assert store.pause(is_shown=True) == 60.0


def test_denied_once_is_not_asked_again_by_itself() -> None:
    region = Region()
    region.problem = Problem("AccessDenied", "not allowed.")
    store = region.store()
    with pytest.raises(Problem):
        store.refresh()
    assert store.pause(is_shown=False) is None
    region.problem = LOST
    with pytest.raises(Problem):
        store.refresh()
    assert store.pause(is_shown=False) == 20.0


@pytest.mark.parametrize(
    ("endpoints", "is_shown", "is_local", "pause"),
    [
        ((), False, False, None),
        ((), True, False, 60.0),
        ((), True, True, 20.0),
        ((RUNS,), False, False, 300.0),
        ((RUNS,), True, False, 60.0),
        ((RUNS, STARTS), True, False, 10.0),
        ((STARTS,), False, False, 30.0),
        ((STARTS,), False, True, 1.0),
    ],
)
def test_how_often_it_asks(
    endpoints: tuple[Endpoint, ...], is_shown: bool, is_local: bool, pause: float | None
) -> None:
    assert pause_of(endpoints, is_shown=is_shown, is_local=is_local) == pause
