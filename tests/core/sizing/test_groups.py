"""The groups of the instance types, the recommended one, and what narrows the list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jsft_tui.core.run.run import InstanceChoice
from jsft_tui.core.sizing.facets import OfferFacets, fits_words
from jsft_tui.core.sizing.groups import OfferGroup, grouped, recommended
from jsft_tui.core.sizing.offers import InstanceOffer, Order, Supply, all_types, offers, types_of
from jsft_tui.core.sizing.pricing import PRICE_LIST, Price
from tests.core.catalog.specs import model_spec, training_run

TYPES = ["ml.m5.xlarge", "ml.g4dn.xlarge", "ml.g5.2xlarge", "ml.g5.12xlarge", "ml.p3.2xlarge", "ml.g5.48xlarge"]
SPEC = model_spec(supported_training_instance_types=TYPES, default_training_instance_type="ml.p3.2xlarge")
PRICES = {name: Price(usd, PRICE_LIST) for name, usd in zip(TYPES, (0.23, 0.74, 1.51, 7.09, 3.83, 20.36), strict=True)}
QUOTAS = {**dict.fromkeys(TYPES, 1.0), "ml.p3.2xlarge": 0.0}
SUPPLY = Supply(PRICES, QUOTAS, {"ml.g5.12xlarge": 1})


def found(supply: Supply = SUPPLY) -> list[InstanceOffer]:
    return offers(types_of(SPEC), SPEC, supply)


def names(some: list[InstanceOffer]) -> list[str]:
    return [offer.name for offer in some]


def test_types_are_in_groups_by_what_their_quota_allows() -> None:
    groups = {group: names(list(some)) for group, some in grouped(found(), Order.PRICE)}
    assert groups == {
        OfferGroup.READY: ["ml.m5.xlarge", "ml.g4dn.xlarge", "ml.g5.2xlarge", "ml.g5.48xlarge"],
        OfferGroup.IN_USE: ["ml.g5.12xlarge"],
        OfferGroup.NO_QUOTA: ["ml.p3.2xlarge"],
    }


def test_without_quotas_no_type_is_called_ready() -> None:
    assert [group for group, _ in grouped(found(Supply(PRICES)), Order.NAME)] == [OfferGroup.UNKNOWN]


def test_types_that_the_model_does_not_name_come_last_whatever_their_quota() -> None:
    every = grouped(offers(all_types(SPEC), SPEC, SUPPLY), Order.PRICE)
    assert every[-1][0] is OfferGroup.UNNAMED
    assert "ml.g6.xlarge" in names(list(every[-1][1]))


@pytest.mark.parametrize(
    ("default", "quotas", "name", "why"),
    [
        ("ml.p3.2xlarge", QUOTAS, "ml.g4dn.xlarge", "cheapest with a GPU"),
        ("ml.g5.2xlarge", QUOTAS, "ml.g5.2xlarge", "the model's own default"),
        ("ml.g5.2xlarge", {**QUOTAS, "ml.g5.2xlarge": 0.0}, "ml.g4dn.xlarge", "cheapest with a GPU"),
        ("ml.g4dn.xlarge", QUOTAS, "ml.g4dn.xlarge", "cheapest with a GPU"),
    ],
)
def test_the_models_default_is_recommended_else_the_cheapest_with_a_gpu(
    default: str, quotas: dict[str, float], name: str, why: str
) -> None:
    spec = model_spec(supported_training_instance_types=TYPES, default_training_instance_type=default)
    star = recommended(offers(types_of(spec), spec, replace(SUPPLY, quotas=quotas)), spec)
    assert star is not None
    assert (star.offer.name, star.why) == (name, why)


def test_nothing_is_recommended_that_cannot_start() -> None:
    assert recommended(found(replace(SUPPLY, quotas=dict.fromkeys(TYPES, 0.0))), SPEC) is None
    assert recommended(found(Supply(PRICES)), SPEC) is None
    assert recommended(found(), None) is None


def test_a_model_without_gpus_has_the_cheapest_type() -> None:
    spec = model_spec(supported_training_instance_types=["ml.m5.xlarge"], default_training_instance_type="ml.c4.xlarge")
    star = recommended(offers(types_of(spec), spec, SUPPLY), spec)
    assert star is not None
    assert (star.offer.name, star.why) == ("ml.m5.xlarge", "cheapest")


@pytest.mark.parametrize(
    ("facets", "left"),
    [
        (OfferFacets(), 6),
        (OfferFacets(gpus=1), 3),
        (OfferFacets(gpus=1, has_quota=True), 2),
        (OfferFacets(family="g5"), 3),
        (OfferFacets(gpus=0, family="g5"), 0),
    ],
    ids=lambda value: value.words if isinstance(value, OfferFacets) else "",
)
def test_facets_narrow_the_list(facets: OfferFacets, left: int) -> None:
    assert sum(facets.fits(offer) for offer in found()) == left


def test_words_are_looked_for_in_name_gpu_and_notes() -> None:
    assert names([offer for offer in found() if fits_words(offer, ["a10g", "48"])]) == ["ml.g5.48xlarge"]
    assert names([offer for offer in found() if fits_words(offer, ["old"])]) == ["ml.p3.2xlarge"]


def test_several_instances_need_as_much_quota() -> None:
    run = training_run(instance=InstanceChoice("ml.g5.2xlarge", count=2))
    groups = [group for group, _ in grouped(offers(types_of(SPEC), SPEC, SUPPLY, run), Order.PRICE)]
    assert groups == [OfferGroup.IN_USE, OfferGroup.NO_QUOTA]
