"""What a fix does, as it is offered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.request.rerun.fix import apply_fix
from jsft_tui.core.request.rerun.offer import fix_offer
from jsft_tui.core.run.run import InstanceChoice, KmsKeys, ModelChoice
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.sizing.suggest import Market
from tests.core.catalog.specs import model_spec, training_run

LITE = "tensorflow-ic-efficientnet-lite0-classification-2"
TYPES = ["ml.g5.12xlarge", "ml.g6.12xlarge"]
MARKET = Market({"ml.g6.12xlarge": Price(5.67, "a test", "2026-11-23")}, {"ml.g6.12xlarge": 2.0}, {"ml.g6.12xlarge": 0})
RUN = training_run(instance=InstanceChoice("ml.g5.12xlarge"), name="flowers", volume_gb=30)


@pytest.mark.parametrize(
    ("market", "offer"),
    [
        (MARKET, "use ml.g6.12xlarge instead: 4 × L4, $5.67/h, 0 of 2 used"),
        (replace(MARKET, in_use={}), "use ml.g6.12xlarge instead: 4 × L4, $5.67/h, 2 free"),
        (Market(), "use ml.g6.12xlarge instead: 4 × L4"),
    ],
    ids=["all known", "use not known", "no market"],
)
def test_another_type_is_offered_with_its_price_and_its_free_quota(market: Market, offer: str) -> None:
    spec = model_spec(supported_training_instance_types=TYPES)
    fixed = apply_fix(Fix(FixKind.NEXT_INSTANCE), RUN, spec, market)
    assert fixed is not None
    assert fix_offer(fixed, RUN, market) == offer


@pytest.mark.parametrize(
    ("fix", "offer"),
    [
        (Fix(FixKind.NEW_NAME), "name it flowers-2"),
        (Fix(FixKind.SWITCH_MODEL, model_id=LITE), "Switch to efficientnet-lite0, which trains here"),
        (Fix(FixKind.DROP_VOLUME_KEY), "leave out the volume key"),
        (Fix(FixKind.LONGER_RUN), "max_runtime 6h → 12h"),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Fix) else "",
)
def test_a_fix_says_what_it_does(fix: Fix, offer: str) -> None:
    run = replace(RUN, kms=KmsKeys("a-key"))
    fixed = apply_fix(fix, run, model_spec(), Market())
    assert fixed is not None
    assert fix_offer(fixed, run, Market()) == offer


def test_another_model_takes_nothing_that_belonged_to_the_former_one() -> None:
    run = replace(RUN, data={"training": "s3://b/k/"}, hyperparameters={"epochs": "3"}, accept_eula=True)
    fixed = apply_fix(Fix(FixKind.SWITCH_MODEL, model_id=LITE), run, model_spec(), Market())
    assert fixed is not None
    assert fixed.run == replace(run, model=ModelChoice(LITE), data={}, hyperparameters={}, accept_eula=False)
    assert apply_fix(Fix(FixKind.SWITCH_MODEL), run, model_spec(), Market()) is None
