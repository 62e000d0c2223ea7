"""What a finished training job is asked for: five fields, the same on every face."""

from __future__ import annotations

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.training_job import TrainingJob


def training_output(job: TrainingJob) -> list[tuple[str, str]]:
    """The five fields, labelled."""
    training, billable = job.training_seconds, job.billable_seconds
    spent = f"{clock(training)} (billed {clock(billable or training)})" if training is not None else "none"
    kind = " (uncompressed: a prefix)" if job.uncompressed and job.output_path else ""
    return [
        ("Parent model", job.parent_model or "unknown"),
        ("Training job name", job.name),
        ("Training job ARN", job.arn),
        ("Training time", spent),
        ("Output path", f"{job.output_path}{kind}" if job.output_path else "none"),
    ]
