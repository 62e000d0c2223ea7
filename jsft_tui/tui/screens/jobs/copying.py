"""What of a job can be copied."""

from __future__ import annotations

from jsft_tui.core.jobs.customization.customization_job import customization_job
from jsft_tui.core.jobs.output import training_output
from jsft_tui.core.jobs.training_job import TrainingJob

SUMMARY = "Summary to paste into a chat"
MLFLOW_LINK = "Link to its MLflow app, signed for five minutes"


def copy_choices(job: TrainingJob, console: str) -> list[tuple[str, str]]:
    """Return what can be copied: (label, text exactly as the service has it).

    Args:
        job: the job.
        console: address of its page in the AWS console; empty without one.
    """
    exact = {"Output path": job.output_path or "", "Training time": ""}
    pairs = [(label, exact.get(label, text)) for label, text in training_output(job)]
    customization = customization_job(job)
    pairs += customization.copied if customization is not None else []
    pairs.append(("Console", console))
    pairs.append(("Failure reason", job.failure_reason))
    pairs += [(f"Data, {name}", uri) for name, uri in job.data_uris.items()]
    return [(label, text) for label, text in pairs if text]
