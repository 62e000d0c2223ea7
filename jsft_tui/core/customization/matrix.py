"""The ways to customize a model as a table: technique x where it runs x what is trained, as a region offers them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.catalog.spec.recipe import HOURS, Recipe
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.instances.types import instance_type


class Place(Enum):
    """Where a recipe runs; the value is its name in words."""

    SERVERLESS = "serverless"
    INSTANCES = "your instances"


@dataclass(frozen=True)
class Way:
    """A way to fine-tune a model.

    Attributes:
        technique: of the recipe; None for the classical training script.
        adapter: what the recipe trains.
        place: where it runs.
    """

    technique: Technique | None
    adapter: Adapter = Adapter.LORA
    place: Place = Place.SERVERLESS

    @property
    def recipe_title(self) -> str:
        """Return technique and adapter; empty for the training script."""
        return f"{self.technique.value} {self.adapter.value}" if self.technique is not None else ""


SCRIPT = Way(None)
"""The classical training script."""
COLUMNS = tuple((place, adapter) for place in Place for adapter in Adapter)
"""The columns of the table."""


@dataclass(frozen=True)
class WayMatrix:
    """The ways to fine-tune a model, and what a region offers of them.

    Attributes:
        spec: of the model.
        region: where it would be trained.
    """

    spec: ModelSpec
    region: str

    @property
    def has_script(self) -> bool:
        """Return whether the model has a classical training script as well."""
        return self.spec.training_supported

    @property
    def rows(self) -> tuple[Way, ...]:
        """Return the first way of each row."""
        return (*((SCRIPT,) if self.has_script else ()), *map(Way, Technique))

    def recipes(self, way: Way) -> tuple[Recipe, ...]:
        """Return the recipes of a way that the region offers, of each sequence length one."""
        return tuple(
            recipe
            for recipe in self.spec.recipes
            if (recipe.technique, recipe.adapter) == (way.technique, way.adapter)
            and _is_there(recipe, way, self.region)
        )

    def recipe(self, way: Way) -> Recipe | None:
        """Return the recipe of a way that the SDK would choose; None where the region offers none."""
        found = self.recipes(way)
        return next((recipe for recipe in found if not recipe.needs_subscription), found[0] if found else None)

    def is_offered(self, way: Way) -> bool:
        """Return whether the region offers a way."""
        return self.has_script if way.technique is None else self.recipe(way) is not None

    @property
    def count(self) -> int:
        """Return the number of recipes that the region offers, serverless or on instances."""
        return sum(bool(recipe.ways_in(self.region)) for recipe in self.spec.recipes)

    def basis(self, way: Way) -> str:
        """Return what a way is billed by, or its smallest instances; empty where it is not offered."""
        recipe = self.recipe(way)
        if recipe is None:
            return ""
        if way.place is Place.INSTANCES:
            return smallest_type(recipe)
        return "per hour" if recipe.metering == HOURS else "per token"

    def elsewhere(self, way: Way) -> tuple[str, ...]:
        """Return the regions that offer a way, where this one does not."""
        found = [each for each in self.spec.recipes if (each.technique, each.adapter) == (way.technique, way.adapter)]
        regions = [
            each.serverless_regions if way.place is Place.SERVERLESS else each.instance_regions for each in found
        ]
        return tuple(dict.fromkeys(region for some in regions for region in some))

    def moved(self, way: Way, across: int, down: int) -> Way:
        """Return the way so many columns and rows further on, as far as the table goes."""
        rows = self.rows
        here = next((at for at, row in enumerate(rows) if row.technique is way.technique), 0)
        technique = rows[max(0, min(len(rows) - 1, here + down))].technique
        at = COLUMNS.index((way.place, way.adapter))
        place, adapter = COLUMNS[max(0, min(len(COLUMNS) - 1, at + across))]
        # The column is kept in the row of the script, which has one.
        return Way(technique, adapter, place)


def way_of(wanted: Customization | None, *, is_serverless: bool = True) -> Way:
    """Return the way that a run trains."""
    if wanted is None:
        return SCRIPT
    return Way(wanted.technique, wanted.adapter, Place.SERVERLESS if is_serverless else Place.INSTANCES)


def _is_there(recipe: Recipe, way: Way, region: str) -> bool:
    return bool(recipe.sku_in(region) if way.place is Place.SERVERLESS else recipe.image_in(region))


def smallest_type(recipe: Recipe) -> str:
    """Return the smallest instance type of a recipe in short: `g6e.12xl up`, `p5.48xlarge`; empty if it names none."""
    least = least_type(recipe).removeprefix("ml.")
    return f"{least.replace('xlarge', 'xl')} up" if len(recipe.instance_types) > 1 else least


def least_type(recipe: Recipe) -> str:
    """Return the smallest instance type of a recipe; empty if it names none."""

    def size(name: str) -> tuple[float, int]:
        known = instance_type(name)
        if known is None:
            return float("inf"), 0
        return known.gpus * (known.gpu_memory_gib or 0), known.vcpus

    return min(recipe.instance_types, key=size, default="")
