"""A recipe job on instances: a training job whose customization is in a file, its recipe; whoever launched it."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.core.catalog.job_tags import CUSTOMIZATION_TAG, RECIPE_CHANNEL
from jsft_tui.core.common.text import clean
from jsft_tui.core.jobs.training_job import TrainingJob


@dataclass(frozen=True)
class RecipeJob:
    """What is told of such a job beside what every training job has.

    Attributes:
        title: technique, adapter and length (`SFT LoRA 4K`); empty for a job that jsft did not launch.
        recipe: URI of the recipe.
    """

    title: str
    recipe: str

    @property
    def words(self) -> str:
        """Return what it does, in a few words."""
        return self.title or "by a recipe"

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Return what is known as labels and texts."""
        return [("Customization", f"{self.words}, on instances"), ("Recipe", self.recipe)]

    @property
    def document(self) -> dict[str, object]:
        """Return it as JSON has it, with the keys of a serverless customization."""
        technique, adapter, length, *_ = (*self.title.split(), "", "", "")
        return {
            "technique": technique or None,
            "adapter": adapter or None,
            "sequence_length": length or None,
            "recipe": self.recipe or None,
        }


def recipe_job(job: TrainingJob) -> RecipeJob | None:
    """Return what a recipe job on instances is; None for any other job."""
    if not job.is_recipe_job:
        return None
    return RecipeJob(clean(job.tags.get(CUSTOMIZATION_TAG, "")), job.channel_uri(RECIPE_CHANNEL))
