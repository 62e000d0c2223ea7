"""What customizations cost: tokens or hours, in every list that has costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.jobs.cost import cost_so_far, most_cost, spending
from jsft_tui.core.jobs.customization.cost import customization_cost
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.serving.listed.spending import EndpointSpending, together
from jsft_tui.core.sizing.pricing import Price

NOW = 1_780_000_000.0
PER_TOKEN, PER_HOUR = SkuPrice(2.0, "1M tokens"), SkuPrice(12.0, "hour")
PRICES = {"ml.g5.2xlarge": Price(1.5, "price list")}


def job(price: SkuPrice | None, status: str = "InProgress", **answer: Any) -> TrainingJob:
    described = {
        "TrainingJobName": "tones",
        "TrainingJobStatus": status,
        "CreationTime": NOW - 3700,
        "TrainingStartTime": NOW - 3600,
        "StoppingCondition": {"MaxRuntimeInSeconds": 7200},
        "ServerlessJobConfig": {"JobType": "FineTuning", "CustomizationTechnique": "SFT"},
        **answer,
    }
    return replace(TrainingJob.parse(described, {}), recipe_price=price)


@pytest.mark.parametrize(
    ("found", "usd", "most"),
    [
        (job(PER_TOKEN, BillableTokenCount=500_000), 1.0, None),
        (job(PER_TOKEN), None, None),
        (job(PER_HOUR), 12.0, 24.0),
        (job(PER_HOUR, "Completed", TrainingTimeInSeconds=1800), 6.0, 24.0),
        (job(None, BillableTokenCount=500_000), None, None),
        (job(SkuPrice(2.0, "bananas"), BillableTokenCount=500_000), None, None),
    ],
    ids=["tokens", "no tokens yet", "an hour so far", "half an hour", "no price", "another unit"],
)
def test_a_customization_costs_what_was_billed_and_never_by_its_instance(
    found: TrainingJob, usd: float | None, most: float | None
) -> None:
    assert cost_so_far(found, PRICES, NOW) == usd
    assert most_cost(found, PRICES) == most
    assert customization_cost(found, NOW).reasoning


def test_the_rate_of_all_jobs_says_what_is_billed_by_tokens() -> None:
    on_instance = TrainingJob.parse(
        {
            "TrainingJobName": "flowers",
            "TrainingJobStatus": "InProgress",
            "CreationTime": NOW - 60,
            "ResourceConfig": {"InstanceType": "ml.g5.2xlarge", "InstanceCount": 1},
        },
        {},
    )
    assert spending([job(PER_TOKEN)], PRICES).rate == "by tokens"
    assert spending([job(PER_TOKEN), on_instance], PRICES).rate == "$1.50/h + tokens"
    assert spending([job(PER_HOUR), on_instance], PRICES).rate == "$13.50/h"
    assert spending([job(None), on_instance], PRICES).rate == "$1.50/h + 1 unknown"
    assert spending([job(None)], PRICES).rate == "unknown/h"


def test_jobs_and_endpoints_together_say_it_as_well() -> None:
    jobs = spending([job(PER_TOKEN)], PRICES)
    assert together(jobs, EndpointSpending()).rate == "by tokens"
    assert together(jobs, EndpointSpending(1, 0.74)).rate == "$0.74/h + tokens"
    assert together(jobs, EndpointSpending(1, 0.0, 1)).rate == "unknown/h"
