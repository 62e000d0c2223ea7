"""Facets that narrow the list of instance types."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.core.sizing.offers import InstanceOffer, QuotaState


@dataclass(frozen=True)
class OfferFacets:
    """Which instance types to list.

    Attributes:
        gpus: GPUs of one instance; None for any number.
        has_quota: leave out types of which no instance may run.
        family: for example `g5`; empty for any.
    """

    gpus: int | None = None
    has_quota: bool = False
    family: str = ""

    def fits(self, offer: InstanceOffer) -> bool:
        """Return whether a type is listed."""
        return (
            (self.gpus is None or (offer.is_known and offer.hardware.gpus == self.gpus))
            and (not self.has_quota or offer.quota_state is not QuotaState.ZERO)
            and self.family in ("", offer.hardware.family)
        )

    @property
    def words(self) -> str:
        """The facets in words: `any`, `4, with quota, g5`."""
        gpus = "any" if self.gpus is None else str(self.gpus)
        return ", ".join(filter(None, (gpus, "with quota" if self.has_quota else "", self.family)))


def fits_words(offer: InstanceOffer, words: list[str]) -> bool:
    """Return whether the name, the GPU or the notes of a type have all the words, which are in lower case."""
    text = " ".join((offer.name, offer.gpu_text, *offer.notes)).lower()
    return all(word in text for word in words)
