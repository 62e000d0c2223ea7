"""The table of instance types: prices, quotas, order, and the batch on each."""

from __future__ import annotations

import pytest

from jsft_tui.core.instances.types import instance_types, unknown_type
from jsft_tui.core.run.run import AUTO, InstanceChoice
from jsft_tui.core.sizing.offers import (
    NOT_IN_SPEC,
    NOT_SOLD,
    InstanceOffer,
    Order,
    QuotaState,
    Supply,
    all_types,
    gpu_counts,
    offers,
    ordered,
    types_of,
)
from jsft_tui.core.sizing.pricing import BUNDLED, PRICE_LIST, Price
from tests.core.catalog.specs import hyperparameter, model_spec, training_run

SPEC = model_spec()
SUPPLY = Supply(
    {"ml.g5.12xlarge": Price(7.09, PRICE_LIST, "2026-08-20"), "ml.m5.xlarge": Price(0.23, PRICE_LIST)},
    {"ml.g5.12xlarge": 1, "ml.m5.xlarge": 4, "ml.p3.2xlarge": 0},
    {"ml.g5.12xlarge": 1},
)


def by_name(found: list[InstanceOffer]) -> dict[str, InstanceOffer]:
    return {offer.name: offer for offer in found}


def test_the_types_of_the_spec_stand_there_with_prices_quotas_and_batch() -> None:
    found = by_name(offers(types_of(SPEC), SPEC, SUPPLY))

    assert list(found) == list(SPEC.instance_types)
    g5, m5, p3 = found["ml.g5.12xlarge"], found["ml.m5.xlarge"], found["ml.p3.2xlarge"]
    assert (g5.price_text, g5.quota_text, g5.quota_state, g5.batch_text) == ("7.09", "1/1", QuotaState.SHORT, "128")
    assert (m5.quota_text, m5.quota_state, m5.accelerator, m5.batch_text) == ("0/4", QuotaState.FREE, "-", "32")
    assert (p3.price_text, p3.quota_text, p3.quota_state) == ("?", "0/0", QuotaState.ZERO)
    assert g5.notes == ("quota used up",)
    assert p3.notes == ("no quota", NOT_SOLD, "old type, often not available", "V100 has no bf16")


def test_what_is_not_known_is_a_question_mark_and_never_zero() -> None:
    blank = by_name(offers(types_of(SPEC), SPEC, Supply()))["ml.g5.12xlarge"]
    some = by_name(offers(types_of(SPEC), SPEC, Supply(quotas={"ml.g5.12xlarge": 2})))

    assert (blank.price_text, blank.quota_text, blank.quota_state) == ("?", "?", QuotaState.UNKNOWN)
    assert some["ml.g5.12xlarge"].quota_text == "?/2"
    assert some["ml.m5.xlarge"].quota_state is QuotaState.UNKNOWN
    assert blank.is_sold is None


def test_only_the_regions_own_list_says_that_a_type_is_not_sold() -> None:
    bundled = Supply({"ml.m5.xlarge": Price(0.23, BUNDLED)})
    found = by_name(offers(types_of(SPEC), SPEC, bundled))

    assert NOT_SOLD not in found["ml.p3.2xlarge"].notes


def test_a_quota_has_to_hold_all_instances_of_the_run() -> None:
    run = training_run(instance=InstanceChoice("ml.m5.xlarge", count=5))
    offer = by_name(offers(types_of(SPEC), SPEC, SUPPLY, run))["ml.m5.xlarge"]

    assert offer.quota_state is QuotaState.SHORT
    assert offer.notes[0] == "quota: 4 free, 5 needed"


def test_a_type_of_the_future_has_no_hardware_and_no_batch_but_one_that_was_typed() -> None:
    listed = model_spec(supported_training_instance_types=["ml.zz9.48xlarge"])
    automatic = training_run(hyperparameters={"batch_size": AUTO})
    typed = training_run(hyperparameters={"batch_size": "48"})

    assert types_of(listed) == [unknown_type("ml.zz9.48xlarge")]
    offer = offers(types_of(listed), listed, Supply(), automatic)[0]
    assert (offer.hardware_texts, offer.batch_text) == (("?", "?", "?", "?"), "-")
    assert "hardware unknown" in offer.notes
    assert offers(types_of(listed), listed, Supply(), typed)[0].batch_text == "48"
    assert gpu_counts([offer]) == ()


def test_all_types_are_those_of_the_spec_and_then_the_others_marked() -> None:
    names = [found.name for found in all_types(SPEC)]
    found = by_name(offers(all_types(SPEC), SPEC, SUPPLY))

    assert names[: len(SPEC.instance_types)] == list(SPEC.instance_types)
    assert sorted(names) == sorted(instance_types())
    assert found["ml.c5.xlarge"].notes[0] == NOT_IN_SPEC
    assert found["ml.g5.12xlarge"].supported is True


def test_without_a_model_all_types_are_there_and_none_is_called_unsupported() -> None:
    found = offers(types_of(None), None, SUPPLY)

    assert len(found) == len(instance_types())
    assert {(offer.supported, offer.batch) for offer in found} == {(None, None)}


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [
        (Order.PRICE, "ml.m5.xlarge", "ml.p3.2xlarge"),
        (Order.GPUS, "ml.m5.xlarge", "ml.g5.12xlarge"),
        (Order.GPU_MEMORY, "ml.g5.12xlarge", "ml.m5.xlarge"),
        (Order.NAME, "ml.g5.2xlarge", "ml.p3.2xlarge"),
    ],
)
def test_offers_are_put_in_order(order: Order, first: str, last: str) -> None:
    names = [offer.name for offer in ordered(offers(types_of(SPEC), SPEC, SUPPLY), order)]

    assert (names[0], names[-1]) == (first, last)


def test_orders_go_round() -> None:
    found = offers(types_of(SPEC), SPEC, SUPPLY)
    counts = gpu_counts(found)

    assert counts == (0, 1, 4)
    assert [order.next for order in Order] == [Order.GPUS, Order.GPU_MEMORY, Order.NAME, Order.PRICE]


def test_a_batch_per_device_is_never_multiplied() -> None:
    llm = model_spec(
        "meta-textgeneration-llama-2-7b", hyperparameters=[hyperparameter("per_device_train_batch_size", 4)]
    )
    found = offers(all_types(llm), llm, SUPPLY)

    assert {offer.batch.value for offer in found if offer.batch} == {4}
