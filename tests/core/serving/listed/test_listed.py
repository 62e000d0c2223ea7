"""What a list of endpoints says: groups, orders, ages, calls, and what all of them cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.jobs.cost import Spending
from jsft_tui.core.serving.endpoint import Endpoint, EndpointConfig, Variant
from jsft_tui.core.serving.life.lifetime import JOB_TAG
from jsft_tui.core.serving.listed.groups import Leftover, endpoint_groups, fitting, fitting_leftovers
from jsft_tui.core.serving.listed.idle import idle_endpoints, idle_seconds
from jsft_tui.core.serving.listed.order import EndpointOrder, in_order
from jsft_tui.core.serving.listed.spending import EndpointSpending, endpoint_spending, together
from jsft_tui.core.serving.listed.words import (
    age_words,
    calls_words,
    instances_words,
    long_words,
    month_words,
    state_words,
)
from jsft_tui.core.serving.teardown import CONFIG, MODEL, Leftovers
from jsft_tui.core.serving.traffic import DAY, HOUR, KNOWN_FOR, Calls
from jsft_tui.core.sizing.pricing import Price

NOW = 10_000_000.0
PRICES = {"ml.g5.xlarge": Price(1.5, "list"), "ml.m5.large": Price(0.125, "list")}


def endpoint(name: str, *, status: str = "InService", age: float = 5 * DAY, **more: Any) -> Endpoint:
    kind, count = more.get("type", "ml.m5.large"), more.get("count", 1)
    variant = {"VariantName": "v", "ModelName": name, "InstanceType": kind, "InitialInstanceCount": count}
    config = EndpointConfig.parse({"EndpointConfigName": name, "ProductionVariants": [variant]})
    answer = {"EndpointName": name, "EndpointStatus": status, "CreationTime": NOW - age, "EndpointConfigName": name}
    return Endpoint.parse(answer, config, {JOB_TAG: more["job"]} if "job" in more else {})


def called(*hours: tuple[float, float]) -> Calls:
    """Calls so many hours ago."""
    return Calls(NOW - KNOWN_FOR, tuple((NOW - ago * HOUR, count) for ago, count in hours))


def test_those_that_jsft_made_come_first_and_leftovers_last() -> None:
    ours, other = endpoint("ours", job="a-job"), endpoint("other")
    found = endpoint_groups([other, ours], Leftovers(("c",), ("m",)))
    assert [group.title for group in found] == ["Made with jsft", "Others", "Left behind"]
    assert [group.rows for group in found] == [(ours,), (other,), (Leftover(CONFIG, "c"), Leftover(MODEL, "m"))]
    assert endpoint_groups([], None) == []
    assert [group.title for group in endpoint_groups([ours], Leftovers())] == ["Made with jsft"]


def test_a_filter_looks_at_name_job_status_and_type() -> None:
    found = [endpoint("one", job="flowers"), endpoint("two", status="Failed"), endpoint("three", type="ml.g5.xlarge")]
    assert [each.name for each in fitting(found, "flow")] == ["one"]
    assert [each.name for each in fitting(found, "failed tw")] == ["two"]
    assert [each.name for each in fitting(found, "G5")] == ["three"]
    assert fitting_leftovers(Leftovers(("a", "b"), ("b",)), "model b") == Leftovers((), ("b",))
    assert fitting_leftovers(None, "b") is None


def test_orders() -> None:
    found = [endpoint("b", age=1), endpoint("a", type="ml.g5.xlarge", age=2), endpoint("c", type="ml.x", age=3)]
    calls = {"a": called((1, 3.0)), "c": called((1, 1.0), (40, 99.0))}

    def names(order: EndpointOrder) -> list[str]:
        return [each.name for each in in_order(found, order, PRICES, calls, NOW)]

    assert names(EndpointOrder.TIME) == ["b", "a", "c"]
    assert names(EndpointOrder.NAME) == ["a", "b", "c"]
    assert names(EndpointOrder.COST) == ["a", "b", "c"]
    assert names(EndpointOrder.CALLS) == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("seconds", "short", "long"),
    [
        (30, "now", "1 minute"),
        (250, "4 min", "4 minutes"),
        (3 * 3600 + 5, "3 h", "3 hours"),
        (DAY, "1 d", "1 day"),
        (6.9 * DAY, "6 d", "6 days"),
    ],
)
def test_ages(seconds: float, short: str, long: str) -> None:
    assert age_words(seconds) == short
    assert long_words(seconds) == long


def test_one_in_service_that_nobody_called_for_a_day_is_idle() -> None:
    busy, silent = called((1, 4.0)), called((31, 4.0))
    mine = endpoint("a")
    assert idle_seconds(mine, busy, NOW) is None
    assert idle_seconds(mine, silent, NOW) == 30 * HOUR
    assert idle_seconds(mine, None, NOW) is None
    assert idle_seconds(endpoint("a", status="Creating"), silent, NOW) is None
    assert idle_seconds(mine, called(), NOW) == 5 * DAY
    variants = (Variant("v", "m", "", 0, serverless_mb=2048),)
    assert idle_seconds(replace(mine, variants=variants), silent, NOW) is None, "it costs nothing"
    assert idle_endpoints((mine, endpoint("b")), {"a": silent, "b": busy}, NOW) == (mine,)


def test_calls_in_words() -> None:
    assert calls_words(endpoint("a"), called((1, 1214.0)), NOW) == "1,214"
    assert calls_words(endpoint("a"), called((50, 7.0)), NOW) == "0 for 2 d"
    assert calls_words(endpoint("a"), None, NOW) == ""
    assert calls_words(endpoint("a", status="Creating"), None, NOW) == "starting"
    assert state_words(endpoint("a", status="UpdateRollbackFailed")) == "failed"
    assert state_words(endpoint("a", status="of tomorrow")) == "unknown"


def test_instances_in_words() -> None:
    assert instances_words(endpoint("a")) == "ml.m5.large"
    assert instances_words(endpoint("a", count=3)) == "3 × ml.m5.large"
    assert instances_words(endpoint("a", type="")) == "serverless"


def test_months_have_no_cents_unless_there_is_nothing_else() -> None:
    assert [month_words(usd) for usd in (1482.6, 0.0, 0.25, None)] == ["$1,483", "$0", "$0.25", "?"]


def test_what_all_cost_together() -> None:
    found = [endpoint("a", type="ml.g5.xlarge", count=2), endpoint("b"), endpoint("c", status="Failed")]
    spent = endpoint_spending(found, PRICES)
    assert spent == EndpointSpending(2, 3.125, 0)
    assert (spent.rate, spent.usd_per_day) == ("$3.12/h", 75.0)
    assert round(spent.usd_per_month, 2) == 2281.25
    unknown = endpoint_spending([*found, endpoint("d", type="ml.x")], PRICES)
    assert unknown.rate == "$3.12/h + 1 unknown"
    assert together(Spending(2, 1.0, spot=1), spent) == Spending(4, 4.125, 0, 1)
    assert endpoint_spending([], PRICES).rate == "unknown/h"


def test_nobody_pays_for_an_endpoint_without_instances_so_it_is_not_idle() -> None:
    quiet = called((80, 1))
    runs = endpoint("runs")
    serverless = replace(runs, variants=(replace(runs.variants[0], serverless_mb=4096),))
    asleep = replace(runs, output="s3://bucket/answers/", counts={"v": 0})
    assert idle_seconds(runs, quiet, NOW) is not None
    assert idle_seconds(serverless, quiet, NOW) is None
    assert idle_seconds(asleep, quiet, NOW) is None
    assert idle_seconds(replace(asleep, counts={"v": 1}), quiet, NOW) is not None
