"""Recipes: how a model is customized without a training script, from the spec's `recipe_collection`.

The entries carry the fields of the hub document's `RecipeCollection` in snake case. What a region offers is stated
by the recipe itself: serverless where it has a `serverless_sku`, recipe training jobs on instances where it has a
`smtj_regional_ecr_uri` (jumpstart-2026 §2.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jsft_tui.core.catalog.spec.recipe_template import RecipeTemplate
from jsft_tui.core.catalog.technique import Adapter, Technique

FINE_TUNING = "FineTuning"
"""The `type` of recipes that train; others evaluate."""

TOKENS, HOURS = "Token-based", "Hourly"
"""Values of `serverless_metering_type`."""


@dataclass(frozen=True)
class RegionalOffer:
    """What a recipe has in a region.

    Attributes:
        sku: usage type of the serverless price; empty where serverless is not offered.
        image: training image of recipe jobs on instances; empty where they are not offered.
    """

    sku: str = ""
    image: str = ""


@dataclass(frozen=True)
class Recipe:
    """One way to customize a model.

    Attributes:
        name: of the recipe.
        technique: of the customization.
        adapter: what is trained.
        sequence_length: maximum length in tokens, as the API writes it (`4K`); empty if the recipe says none.
        instance_types: for training on instances.
        instance_count: number of instances there.
        metering: `Token-based` or `Hourly`, for serverless.
        parameters_key: key of the override parameters in the region's content bucket.
        template_key: key of the recipe's template there; the SDK ignores recipes without one.
        needs_subscription: whether the account must have subscribed to the model.
        regions: what each region offers.
        sandbox_runnable: whether jsft's sandbox trains it; None outside the sandbox.
        template: what a job on instances is rendered from; None while it is not read, or could not be.
    """

    name: str
    technique: Technique
    adapter: Adapter
    sequence_length: str = ""
    instance_types: tuple[str, ...] = ()
    instance_count: int = 1
    metering: str = ""
    parameters_key: str = ""
    template_key: str = ""
    needs_subscription: bool = False
    regions: Mapping[str, RegionalOffer] = field(default_factory=dict)
    sandbox_runnable: bool | None = None
    template: RecipeTemplate | None = None

    @property
    def title(self) -> str:
        """Return technique, adapter and length: `SFT LoRA 4K`."""
        return " ".join(filter(None, (self.technique.value, self.adapter.value, self.sequence_length)))

    @property
    def serverless_regions(self) -> tuple[str, ...]:
        """Return the regions that offer it serverless."""
        return tuple(name for name, offer in self.regions.items() if offer.sku)

    @property
    def instance_regions(self) -> tuple[str, ...]:
        """Return the regions that offer it on instances."""
        return tuple(name for name, offer in self.regions.items() if offer.image)

    def sku_in(self, region: str) -> str:
        """Return the usage type of its serverless price in a region; empty where it is not offered."""
        return self.regions.get(region, RegionalOffer()).sku

    def image_in(self, region: str) -> str:
        """Return its training image in a region; empty where recipe jobs are not offered."""
        return self.regions.get(region, RegionalOffer()).image

    def ways_in(self, region: str) -> tuple[str, ...]:
        """Return how it can be run in a region: `serverless`, `instances`."""
        return tuple(
            way for way, has in (("serverless", self.sku_in(region)), ("instances", self.image_in(region))) if has
        )


def parse_recipes(entries: Sequence[Mapping[str, Any]]) -> tuple[Recipe, ...]:
    """Read the fine-tuning recipes of a spec's `recipe_collection`.

    Left out: evaluations, techniques that CreateTrainingJob does not know (MTRL is an API of its own), and recipes
    without a template for training jobs, which the SDK ignores as well (`_get_fine_tuning_options_and_model_arn`).
    They are sorted by technique and adapter.
    """
    return tuple(sorted(_recipes(entries), key=_place))


def _place(recipe: Recipe) -> tuple[int, int]:
    """Return a sort key: the simplest technique first, LoRA before full; others stay in the spec's order."""
    return list(Technique).index(recipe.technique), list(Adapter).index(recipe.adapter)


def _recipes(entries: Sequence[Mapping[str, Any]]) -> Iterator[Recipe]:
    for entry in entries:
        technique = Technique.find(str(entry.get("customization_technique") or ""))
        template = str(entry.get("smtj_recipe_template_s3_key") or "")
        if entry.get("type") != FINE_TUNING or technique is None or not template:
            continue
        yield Recipe(
            name=str(entry.get("name") or ""),
            technique=technique,
            adapter=Adapter.LORA if entry.get("peft") else Adapter.FULL,
            sequence_length=str(entry.get("sequence_length") or ""),
            instance_types=tuple(map(str, entry.get("supported_instance_types") or ())),
            instance_count=int(entry.get("instance_count") or 1),
            metering=str(entry.get("serverless_metering_type") or ""),
            parameters_key=str(entry.get("smtj_override_params_s3_key") or ""),
            template_key=template,
            needs_subscription=bool(entry.get("is_subscription_model")),
            regions=_regions(entry),
            sandbox_runnable=entry.get("sandbox_runnable"),
        )


def _regions(entry: Mapping[str, Any]) -> dict[str, RegionalOffer]:
    found = {}
    for region, offer in ((entry.get("regional_parameters") or {}).get("prod") or {}).items():
        sku, image = str(offer.get("serverless_sku") or ""), str(offer.get("smtj_regional_ecr_uri") or "")
        if sku or image:
            found[str(region)] = RegionalOffer(sku, image)
    return found
