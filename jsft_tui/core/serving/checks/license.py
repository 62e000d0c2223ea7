"""Gated models: what the license that was accepted for the training means for the endpoint."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.preflight.base.check import CheckResult, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan


def evaluate(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Warn of models that AWS has withdrawn; a trained model needs no acceptance anew (jumpstart-2026 §4.1)."""
    if plan.spec.deprecated:
        yield warn(f"{plan.spec.model_id} {plan.spec.version} is deprecated. {plan.spec.deprecated_message}".strip())
    if not plan.spec.gated:
        yield nothing_to_tell("no license to accept.")
        return
    place = f" It is at s3://{plan.place.buckets.content}/{plan.spec.eula_key}." if plan.spec.eula_key else ""
    yield passed(f"accepted with the training; it holds for what the endpoint answers, too.{place}")


CHECK = DeployCheck("license", Subject.MODEL, 80, evaluate)
