"""The one menu of facets on the Instance screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from jsft_tui.core.common.text import plural
from jsft_tui.core.sizing.facets import OfferFacets
from jsft_tui.core.sizing.offers import InstanceOffer, gpu_counts
from jsft_tui.tui.dialogs.choice import Choice

CLEAR, GPUS, QUOTA, FAMILY = "clear", "gpus", "quota", "family"


def facet_choices(found: Sequence[InstanceOffer], facets: OfferFacets) -> Sequence[Choice]:
    """Return the facets to choose from, each with the number of types that it leaves."""

    def count(other: OfferFacets) -> str:
        return str(sum(other.fits(offer) for offer in found))

    quota = replace(facets, has_quota=not facets.has_quota)
    fitting = [offer for offer in found if replace(facets, family="").fits(offer)]
    families = Counter(offer.hardware.family for offer in fitting)
    return (
        *([Choice(CLEAR, "Take all of these away", str(len(found)))] if facets != OfferFacets() else []),
        *(
            Choice(f"{GPUS} {number}", _gpus(number), count(replace(facets, gpus=number)))
            for number in gpu_counts(found)
        ),
        Choice(QUOTA, "Types without quota, too" if facets.has_quota else "Only types with quota", count(quota)),
        *(Choice(f"{FAMILY} {name}", f"Family: {name}", str(number)) for name, number in sorted(families.items())),
    )


def _gpus(number: int) -> str:
    return plural(number, "GPU") if number else "No GPU"


def with_facet(facets: OfferFacets, key: str) -> OfferFacets:
    """Return the facets after a choice."""
    kind, _, value = key.partition(" ")
    match kind:
        case "gpus":
            return replace(facets, gpus=int(value))
        case "quota":
            return replace(facets, has_quota=not facets.has_quota)
        case "family":
            return replace(facets, family=value)
        case _:
            return OfferFacets()
