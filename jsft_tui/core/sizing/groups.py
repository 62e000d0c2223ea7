"""Instance types in the groups of the Instance screen, and the one that is recommended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.sizing.offers import InstanceOffer, Order, QuotaState, ordered


class OfferGroup(Enum):
    """Whether a run may start on a type now, in the order of the list."""

    READY = "Ready to use"
    IN_USE = "In use"
    NO_QUOTA = "No quota"
    UNKNOWN = "Quota not known"
    UNNAMED = "Not named by the model"

    @property
    def advice(self) -> str:
        """Return what to do about it; empty if there is nothing to do."""
        return _ADVICE.get(self, "")


_ADVICE = {
    OfferGroup.IN_USE: "wait until a job ends",
    OfferGroup.NO_QUOTA: "ask AWS for more to use them",
}
_BY_QUOTA = {
    QuotaState.FREE: OfferGroup.READY,
    QuotaState.SHORT: OfferGroup.IN_USE,
    QuotaState.ZERO: OfferGroup.NO_QUOTA,
    QuotaState.UNKNOWN: OfferGroup.UNKNOWN,
}


def group_of(offer: InstanceOffer) -> OfferGroup:
    """Return the group of a type."""
    return OfferGroup.UNNAMED if offer.supported is False else _BY_QUOTA[offer.quota_state]


def grouped(found: Iterable[InstanceOffer], order: Order) -> list[tuple[OfferGroup, Sequence[InstanceOffer]]]:
    """Return the groups that have types, each one sorted."""
    sorted_ = ordered(found, order)
    groups = ((group, [offer for offer in sorted_ if group_of(offer) is group]) for group in OfferGroup)
    return [(group, some) for group, some in groups if some]


@dataclass(frozen=True)
class Recommendation:
    """The type to take without further thought.

    Attributes:
        offer: the type.
        why: in a few words, for example `cheapest with a GPU`.
    """

    offer: InstanceOffer
    why: str


def recommended(found: Iterable[InstanceOffer], spec: ModelSpec | None) -> Recommendation | None:
    """Return the model's own default if it has free quota and is not retired, else the cheapest type that has.

    With a GPU, if the model names any type with one. None without a model, or if nothing has free quota and a price.
    """
    if spec is None:
        return None
    named = [offer for offer in found if offer.supported]
    free = [offer for offer in named if offer.quota_state is QuotaState.FREE and not offer.hardware.is_legacy]
    wants_gpu = any(offer.hardware.gpus for offer in named)
    priced = [offer for offer in free if offer.price is not None and bool(offer.hardware.gpus) >= wants_gpu]
    cheapest = next(iter(ordered(priced, Order.PRICE)), None)
    chosen = next((offer for offer in free if offer.name == spec.default_instance_type), cheapest)
    if chosen is None:
        return None
    why = "cheapest with a GPU" if wants_gpu else "cheapest"
    return Recommendation(chosen, why if chosen is cheapest else "the model's own default")
