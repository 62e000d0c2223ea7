"""Summarize a finished training job in five fields, the same in the CLI and the TUI."""

from __future__ import annotations

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.training_job import TrainingJob


def training_output(job: TrainingJob) -> list[tuple[str, str]]:
    """Return the five fields with their labels."""
    training, billable = job.training_seconds, job.billable_seconds
    # A customization bills tokens and says 0 seconds (jumpstart-2026 §2.6).
    billed = "" if job.request.get("ServerlessJobConfig") else f", {clock(billable or training or 0)} billed"
    spent = f"{clock(training)}{billed}" if training is not None else "none"
    kind = " (uncompressed: a prefix)" if job.uncompressed and job.output_path else ""
    return [
        ("Parent model", job.parent_model or "unknown"),
        ("Training job name", job.name),
        ("Training job ARN", job.arn),
        ("Training time", spent),
        ("Output path", f"{job.output_path}{kind}" if job.output_path else "none"),
    ]


_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-us-gov": "console.amazonaws-us-gov.com",
    "aws-cn": "console.amazonaws.cn",
}


def console_url(job: TrainingJob) -> str:
    """Return the job's page in the AWS console; empty for an ARN of an unknown partition."""
    parts = job.arn.split(":")
    host = _CONSOLES.get(parts[1]) if len(parts) > 3 else None
    region = parts[3] if host is not None else ""
    return f"https://{region}.{host}/sagemaker/home?region={region}#/jobs/{job.name}" if region else ""
