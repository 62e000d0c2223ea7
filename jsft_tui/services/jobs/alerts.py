"""Track which alerts were raised per job: each is raised once, and jobs that ended before startup raise none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from jsft_tui.core.jobs.alerts import Alert, AlertKind, JobSnapshot, alerts, listed_alerts
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.tuning.results.listed import ListedSearch, as_row
from jsft_tui.services.jobs.listed.job_list_state import is_running


@dataclass(frozen=True)
class JobAlert:
    """An alert and its job."""

    job: TrainingJob
    alert: Alert
    is_search: bool = False
    """Whether it is about a search, which `job` has as a row of the list."""

    @property
    def is_end(self) -> bool:
        """Whether the job has ended."""
        return self.alert.kind is AlertKind.ENDED

    @property
    def text(self) -> str:
        """The alert with the job's name, for a screen that shows something else."""
        return self.alert.text if self.is_end else f"{self.job.name}: {self.alert.text}"


class AlertTracker:
    """Decide which alerts are new. Not thread-safe: use it in the thread that shows the alerts."""

    def __init__(self) -> None:
        self._raised: dict[str, set[AlertKind]] = {}
        """Job that was seen running -> the alerts raised for it."""
        self._searches: set[str] = set()
        """The searches that were seen running, and have not ended since."""

    def watched(self, watched: JobSnapshot) -> list[JobAlert]:
        """Return the new alerts of a job whose log and metrics are followed."""
        raised = self._of(watched.job)
        return [] if raised is None else self._new(watched.job, alerts(watched, raised))

    def listed(
        self,
        jobs: Iterable[TrainingJob],
        now: float,
        prices: Mapping[str, Price] | None,
        cap_of: Callable[[str], float | None],
    ) -> list[JobAlert]:
        """Return the new alerts of the jobs of a list.

        Args:
            jobs: the whole list; those that ended before they were seen running raise none.
            now: epoch seconds.
            prices: None while they are not known.
            cap_of: job name -> USD that it may cost; None without a cap.
        """
        found: list[JobAlert] = []
        for job in jobs:
            raised = self._of(job)
            if raised is None or AlertKind.ENDED in raised:
                continue
            cost = cost_so_far(job, prices, now) if prices else None
            found += self._new(job, listed_alerts(JobSnapshot(job, now, {}, cost=cost, cap=cap_of(job.name)), raised))
        return found

    def ended_searches(self, searches: Iterable[ListedSearch]) -> list[JobAlert]:
        """Return the end of each search that was seen running, once."""
        found = []
        for each in searches:
            if each.is_running:
                self._searches.add(each.name)
            elif each.summary.status.is_final and each.name in self._searches:
                self._searches.remove(each.name)
                found.append(JobAlert(as_row(each), Alert(AlertKind.ENDED, each.end_words), is_search=True))
        return found

    def _of(self, job: TrainingJob) -> set[AlertKind] | None:
        if is_running(job):
            return self._raised.setdefault(job.name, set())
        return self._raised.get(job.name)

    def _new(self, job: TrainingJob, found: list[Alert]) -> list[JobAlert]:
        self._raised[job.name].update(alert.kind for alert in found)
        return [JobAlert(job, alert) for alert in found]
