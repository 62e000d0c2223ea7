"""Price and quota of a batch transform."""

from __future__ import annotations

import pytest

from jsft_tui.core.account.quotas import QuotaFacts
from jsft_tui.core.common.findings import Level
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.serving.checks.cost import HOSTING_PRICES
from jsft_tui.core.serving.transform.checks import COST, QUOTA, TRANSFORM_QUOTA
from jsft_tui.core.sizing.pricing import Price
from tests.core.serving.test_checks import TYPE, with_


@pytest.mark.parametrize(
    ("limit", "in_use", "level"),
    [
        (2.0, 0, Level.PASS),
        (1.0, 0, Level.BLOCK),
        (None, 0, Level.UNKNOWN),
        (4.0, 2, Level.PASS),
        (3.0, 2, Level.BLOCK),
        (4.0, None, Level.UNKNOWN),
    ],
    ids=["enough", "less", "unlisted", "enough beside others", "less beside others", "others unknown"],
)
def test_the_quota_of_transform_jobs_is_their_own(limit: float | None, in_use: int | None, level: Level) -> None:
    inputs = Inputs({TRANSFORM_QUOTA: QuotaFacts(f"{TYPE} for transform job usage", limit, in_use)})

    (found,) = QUOTA.run(with_(count=2), inputs)

    assert found.level is level
    assert "transform job" in found.message


def test_the_price_is_that_of_all_instances() -> None:
    (known,) = COST.run(with_(count=2), Inputs({HOSTING_PRICES: {TYPE: Price(1.5, "price list")}}))
    (missing,) = COST.run(with_(count=2), Inputs({HOSTING_PRICES: {}}))

    assert (known.level, known.message) == (Level.PASS, "$3.00/h until all is predicted (price list).")
    assert missing.level is Level.UNKNOWN
