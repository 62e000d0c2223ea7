"""What was told of which job: nothing is told twice, and no end of a job that had ended before anybody looked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from jsft_tui.core.jobs.alerts import Alert, AlertKind, Watched, alerts, listed_alerts
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.services.jobs.job_list import is_running


@dataclass(frozen=True)
class JobAlert:
    """An alert, and the job that it is about."""

    job: TrainingJob
    alert: Alert

    @property
    def is_end(self) -> bool:
        """Whether the job has ended."""
        return self.alert.kind is AlertKind.ENDED

    @property
    def text(self) -> str:
        """The alert with the job's name, for whoever looks at something else."""
        return self.alert.text if self.is_end else f"{self.job.name}: {self.alert.text}"


class AlertTracker:
    """Belongs to the thread that shows the alerts."""

    def __init__(self) -> None:
        self._told: dict[str, set[AlertKind]] = {}
        """Job that was seen running -> what was told of it."""

    def watched(self, watched: Watched) -> list[JobAlert]:
        """What is to be told now of a job whose log and metrics are read."""
        told = self._of(watched.job)
        return [] if told is None else self._new(watched.job, alerts(watched, told))

    def listed(
        self,
        jobs: Iterable[TrainingJob],
        now: float,
        prices: Mapping[str, Price] | None,
        cap_of: Callable[[str], float | None],
    ) -> list[JobAlert]:
        """What is to be told now of the jobs of a list.

        Args:
            jobs: all of the list; those that ended before they were seen running count for nothing.
            now: epoch seconds.
            prices: None while they are not known.
            cap_of: USD that the job of a name may cost; None without a cap.
        """
        found: list[JobAlert] = []
        for job in jobs:
            told = self._of(job)
            if told is None or AlertKind.ENDED in told:
                continue
            cost = cost_so_far(job, prices, now) if prices else None
            found += self._new(job, listed_alerts(Watched(job, now, {}, cost=cost, cap=cap_of(job.name)), told))
        return found

    def _of(self, job: TrainingJob) -> set[AlertKind] | None:
        if is_running(job):
            return self._told.setdefault(job.name, set())
        return self._told.get(job.name)

    def _new(self, job: TrainingJob, found: list[Alert]) -> list[JobAlert]:
        self._told[job.name].update(alert.kind for alert in found)
        return [JobAlert(job, alert) for alert in found]
