"""Summarize a job in a few lines of plain text, to paste into a chat or a ticket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jsft_tui.core.catalog.model_name import short_model_id
from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.columns import instances_text
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.metrics.objective import Best, short_name
from jsft_tui.core.jobs.metrics.spark import spark
from jsft_tui.core.jobs.phases.state import job_state
from jsft_tui.core.jobs.reports.gain import Gain
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob

SPARK_CELLS = 8
MOST_CHANGED = 6
"""Hyperparameters that are named; JSON has all of them."""


@dataclass(frozen=True)
class Summary:
    """What is summarized.

    Attributes:
        job: the job.
        now: epoch seconds, for a running job.
        cost: USD so far; None if unknown.
        best: the best value of its objective; None without one.
        values: the values of its objective, oldest first.
        gain: the difference to the best earlier run of the same model and data; None without one.
        changed: hyperparameters that differ from the model's defaults.
        progress: epochs of a running job; None if unknown.
    """

    job: TrainingJob
    now: float
    cost: float | None = None
    best: Best | None = None
    values: Sequence[float] = ()
    gain: Gain | None = None
    changed: Mapping[str, str] = field(default_factory=dict)
    progress: Progress | None = None

    @property
    def text(self) -> str:
        """Return the lines as one text without colors."""
        lines = [self._head, self._model, self._run, *self._end]
        return "\n".join(line.rstrip() for line in lines if line.strip())

    @property
    def document(self) -> dict[str, object]:
        """Return it as `jsft job --summary --json` has it."""
        job, gain, diagnosis = self.job, self.gain, self.job.diagnosis
        return {
            "name": job.name,
            "status": job.status.value,
            "metric": short_name(self.best.metric) if self.best else None,
            "value": self.best.value if self.best else None,
            "earlier_run": gain.over if gain else None,
            "earlier_value": gain.before if gain else None,
            "gain_points": None if gain is None or gain.points is None else round(gain.points, 2),
            "model_id": job.model_id,
            "data": dict(job.data_uris),
            "changed": dict(self.changed),
            "instance_type": job.instance_type,
            "instance_count": job.instance_count,
            "billed_seconds": self._billed,
            "cost_usd": None if self.cost is None else round(self.cost, 4),
            "output_path": job.output_path,
            "cause": diagnosis.cause if diagnosis else job.failure_reason or None,
            "remedy": diagnosis.remedy if diagnosis else None,
            "text": self.text,
        }

    @property
    def _head(self) -> str:
        job = self.job
        result = ""
        if self.best is not None:
            so_far = "" if job.status.is_final else " so far"
            result = f"{short_name(self.best.metric)} {_number(self.best.value)}{so_far}"
        if self.gain is not None:
            result += f" ({self.gain.text})"
        parts = (f"{job.status.as_status.glyph} {job.name}", self._state, result)
        return "  ".join(filter(None, parts))

    @property
    def _state(self) -> str:
        """Return how it stands or ended; empty for a completed job, whose glyph and result say it."""
        job, status = self.job, str(self.job.status.value)
        if job.status.is_final:
            return "" if job.status is JobStatus.COMPLETED and self.best else status
        state = job_state(job, self.now).word or status
        return f"{state}, epoch {self.progress.epoch} of {self.progress.epochs}" if self.progress else state

    @property
    def _model(self) -> str:
        model = short_model_id(self.job.model_id) if self.job.model_id else self.job.parent_model or ""
        data = ", ".join(self.job.data_uris.values())
        return f"  {model} on {data}" if model and data else f"  {model or data}"

    @property
    def _run(self) -> str:
        named = [f"{name} {value}" for name, value in self.changed.items()]
        more = [f"{len(named) - MOST_CHANGED} more"] if len(named) > MOST_CHANGED else []
        changed = ", ".join([*named[:MOST_CHANGED], *more])
        spent = [clock(self._billed)] if self._billed else []
        parts = (changed, instances_text(self.job), *spent, dollars(self.cost) if self.cost is not None else "")
        return f"  {' · '.join(part for part in parts if part)}"

    @property
    def _billed(self) -> int:
        """Return the billed seconds of one instance."""
        return round(self.job.billed_seconds(self.now) / max(1, self.job.instance_count))

    @property
    def _end(self) -> Iterator[str]:
        job, diagnosis = self.job, self.job.diagnosis
        if diagnosis is not None:
            yield f"  {diagnosis.cause}"
            yield f"  {diagnosis.remedy}"
        elif job.failure_reason:
            yield f"  {job.failure_reason.splitlines()[0]}"
        curve = spark(self.values, SPARK_CELLS) if len(self.values) > 1 else ""
        output = job.output_path or "" if job.status is JobStatus.COMPLETED else ""
        yield f"  {'  '.join(part for part in (curve, output) if part)}"


def _number(value: float) -> str:
    """Return a value with four decimals, as charts have it; a very small or large one with four digits."""
    return f"{value:.4f}" if 0.001 <= abs(value) < 10 or value == 0 else f"{value:.4g}"
