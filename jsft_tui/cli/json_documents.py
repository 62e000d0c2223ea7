"""Findings, models and jobs as JSON documents; docs/json.md has all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jsft_tui.cli.console.output import for_this_target
from jsft_tui.core.catalog.cards import ModelCard
from jsft_tui.core.common.findings import verdict
from jsft_tui.core.customization.method import Method
from jsft_tui.core.jobs.columns import JobRow, job_row_document
from jsft_tui.core.jobs.customization.customization_job import customization_job
from jsft_tui.core.jobs.customization.recipe_job import recipe_job
from jsft_tui.core.jobs.phases.waiting import waiting
from jsft_tui.core.jobs.training_job import TrainingJob, iso
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.preflight.checks import position_of
from jsft_tui.core.sizing.pricing import Price


def check_document(findings: Sequence[Finding], max_cost_usd: float | None) -> dict[str, object]:
    """Return the result of a preflight."""
    return {
        "verdict": verdict(finding.level for finding in findings).value,
        "max_cost_usd": None if max_cost_usd is None else round(max_cost_usd, 4),
        "findings": [
            {
                "check": finding.check,
                "level": finding.level.value,
                "message": finding.message,
                "remedy": for_this_target(finding.remedy) or None,
                "fix": finding.fix.kind.value if finding.fix else None,
            }
            for finding in sorted(findings, key=lambda finding: position_of(finding.check))
        ],
    }


def card_document(card: ModelCard) -> dict[str, object]:
    """Return a model as `jsft models --json` has it."""
    return {
        "model_id": card.model_id,
        "version": card.version,
        "task": card.task.value,
        "framework": card.framework,
        "fine_tunable": card.fine_tunable,
        "gated": card.gated,
        "deprecated": card.deprecated,
        "vulnerable": card.vulnerable,
        "default_instance_type": card.default_instance_type,
        "sandbox_runnable": card.sandbox_runnable,
        "methods": [
            method.value for method, has in ((Method.SCRIPT, card.has_script), (Method.RECIPE, card.recipes)) if has
        ],
        "techniques": list(card.techniques),
    }


def job_document(
    job: TrainingJob,
    metrics: Mapping[str, Sequence[tuple[float, float]]],
    prices: Mapping[str, Price],
    now: float,
) -> dict[str, object]:
    """Return a job as `jsft job --json` has it."""
    diagnosis, waits, customization = job.diagnosis, waiting(job, now), customization_job(job) or recipe_job(job)
    return {
        **job_row_document(JobRow(job, prices, now)),
        "arn": job.arn,
        "parent_model": job.parent_model,
        "training_seconds": job.training_seconds,
        "billable_seconds": job.billable_seconds,
        "output_path": job.output_path,
        "failure_reason": job.failure_reason or None,
        "waits_for": waits.text if waits else None,
        "remedy": for_this_target(diagnosis.remedy) if diagnosis else None,
        "fixes": [fix.kind.value for fix in diagnosis.fixes] if diagnosis else [],
        "hyperparameters": dict(job.hyperparameters),
        "customization": customization.document if customization else None,
        "metrics": {name: [[iso(time), value] for time, value in points] for name, points in metrics.items()},
        "transitions": [
            {"status": phase.status, "start": iso(phase.start), "end": iso(phase.end), "message": phase.message}
            for phase in job.transitions
        ],
    }
