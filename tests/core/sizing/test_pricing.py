"""Prices and costs; what is unknown is None and never zero."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.common.text import dollars
from jsft_tui.core.instances.types import instance_types
from jsft_tui.core.jobs.cost import cost_so_far, spending
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.run.run import InstanceChoice
from jsft_tui.core.sizing.pricing import BUNDLED_AS_OF, Price, bundled_prices, cost_range, max_cost
from tests.core.jobs.examples import answer

PRICES = {"ml.g5.2xlarge": Price(1.5, "a test")}


def job(**changes: object) -> TrainingJob:
    return TrainingJob.parse({**answer(), **changes}, {})


def test_the_most_a_run_can_cost_is_price_times_time_times_instances() -> None:
    assert max_cost(InstanceChoice("ml.g5.2xlarge", count=2, max_runtime=7200), PRICES) == 6.0
    assert max_cost(InstanceChoice("ml.g5.2xlarge", max_runtime=1), PRICES) == pytest.approx(1.5 / 3600)


def test_a_spot_run_is_bounded_by_the_price_on_demand() -> None:
    choice = InstanceChoice("ml.g5.2xlarge", spot=True, max_runtime=3600, max_wait=86_400)
    assert max_cost(choice, PRICES) == 1.5


def test_without_a_price_the_cost_is_unknown_and_not_nothing() -> None:
    assert max_cost(InstanceChoice("ml.p5e.48xlarge"), PRICES) is None
    assert max_cost(InstanceChoice("ml.g5.2xlarge"), {}) is None
    assert cost_so_far(job(), {}, 0) is None
    assert dollars(None) == "unknown"


def test_a_price_of_nothing_is_known() -> None:
    assert max_cost(InstanceChoice("ml.g5.2xlarge"), {"ml.g5.2xlarge": Price(0, "a test")}) == 0


def test_a_finished_job_has_cost_its_billable_time() -> None:
    done = job(TrainingJobStatus="Completed", BillableTimeInSeconds=1800, TrainingTimeInSeconds=3600)
    assert cost_so_far(done, PRICES, now=10**10) == 0.75


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "$0.00"),
        (42.541, "$42.54"),
        (1234.5, "$1,234.50"),
        (0.01, "$0.01"),
        (0.0004, "$0.0004"),
        (1e-9, "<$0.0001"),
        (None, "unknown"),
    ],
)
def test_an_amount_is_written_for_people(amount: float | None, text: str) -> None:
    assert dollars(amount) == text


@given(st.floats(1e-9, 1e9))
def test_an_amount_that_is_not_nothing_is_not_shown_as_nothing(amount: float) -> None:
    assert dollars(amount).strip("$0.,")


def test_the_bundled_prices_are_dated_and_of_types_that_exist() -> None:
    prices = bundled_prices("us-east-1")
    assert set(prices) <= set(instance_types())
    assert all(price.usd_per_hour > 0 and price.as_of == BUNDLED_AS_OF for price in prices.values())
    assert prices["ml.g5.2xlarge"].origin == f"bundled table of {BUNDLED_AS_OF}"


def test_the_bundled_prices_are_not_used_for_other_regions() -> None:
    assert bundled_prices("ap-northeast-2") == {}
    assert bundled_prices("us-gov-west-1") == {}


def test_a_price_without_a_date_names_its_source_only() -> None:
    assert Price(1, "price list").origin == "price list"


def test_a_spot_run_has_a_range_and_an_on_demand_run_an_amount() -> None:
    prices = {"ml.g5.12xlarge": Price(7.09, "a test")}
    on_demand = InstanceChoice("ml.g5.12xlarge", max_runtime=6 * 3600)
    assert str(cost_range(on_demand, prices)) == "$42.54"
    assert str(cost_range(replace(on_demand, spot=True), prices)) == "$4.25 to $42.54"
    assert max_cost(replace(on_demand, spot=True), prices) == pytest.approx(42.54)
    assert cost_range(on_demand, {}) is None


@pytest.mark.parametrize(
    ("jobs", "says"),
    [
        ([], ""),
        ([("Completed", "ml.g5.12xlarge", 1, False)], ""),
        ([("InProgress", "ml.g5.12xlarge", 1, False)] * 2, "2 running  $14.18/h"),
        ([("InProgress", "ml.g5.12xlarge", 2, False), ("Failed", "ml.m5.xlarge", 1, False)], "1 running  $14.18/h"),
        ([("Stopping", "ml.m5.xlarge", 1, False)], "1 running  $0.23/h"),
        ([("InProgress", "ml.g5.12xlarge", 1, True)], "1 running  at most $7.09/h"),
        ([("InProgress", "ml.x9.xlarge", 1, False)], "1 running  unknown/h"),
        (
            [("InProgress", "ml.m5.xlarge", 1, False), ("InProgress", "ml.x9.xlarge", 1, False)],
            "2 running  $0.23/h + 1 unknown",
        ),
    ],
)
def test_spending_by_the_hour(jobs: list[tuple[str, str, int, bool]], says: str) -> None:
    prices = {"ml.g5.12xlarge": Price(7.09, "a test"), "ml.m5.xlarge": Price(0.23, "a test")}
    rows = [
        TrainingJob.parse(
            {
                "TrainingJobName": "a",
                "TrainingJobStatus": status,
                "ResourceConfig": {"InstanceType": type_, "InstanceCount": count},
                "EnableManagedSpotTraining": spot,
            },
            {},
        )
        for status, type_, count, spot in jobs
    ]
    assert str(spending(rows, prices)) == says
