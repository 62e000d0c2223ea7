"""Narrowing the list of jobs by status and model: one menu, and what the title says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jsft_tui.core.catalog.model_name import short_model_id
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.tui.dialogs.choice import Choice
from jsft_tui.tui.screens.jobs.rows import fitting

ANY, STATUS, MODEL = "any", "status", "model"


@dataclass(frozen=True)
class JobFacets:
    """What the list is narrowed to; None and an empty text narrow nothing."""

    status: JobStatus | None = None
    model: str = ""

    @property
    def words(self) -> str:
        """The facets that are on: `Failed, efficientnet-lite0`."""
        return ", ".join(filter(None, (self.status.value if self.status else "", short_model_id(self.model))))

    def fitting(self, jobs: Sequence[TrainingJob], words: str) -> list[TrainingJob]:
        """Return the jobs that fit these and the words of a filter."""
        return fitting(jobs, words, self.status, self.model)

    def chosen(self, key: str) -> JobFacets:
        """Return the facets after a choice."""
        kind, _, value = key.partition(" ")
        match kind:
            case "status":
                return replace(self, status=JobStatus.parse(value))
            case "model":
                return replace(self, model=value)
            case _:
                return JobFacets()


def facet_choices(jobs: Sequence[TrainingJob], words: str, facets: JobFacets) -> list[Choice]:
    """Return the facets to choose from, each with the number of jobs that it leaves."""
    by_status = Counter(job.status for job in fitting(jobs, words, None, facets.model))
    by_model = Counter(job.model_id for job in fitting(jobs, words, facets.status) if job.model_id)
    return [
        *([Choice(ANY, "Take all of these away", f"{len(jobs):,}")] if facets.words else []),
        *(Choice(f"{STATUS} {s.value}", f"Status: {s.value}", f"{by_status[s]:,}") for s in JobStatus if by_status[s]),
        *(Choice(f"{MODEL} {m}", f"Model: {short_model_id(m)}", f"{n:,}") for m, n in by_model.most_common()),
    ]
