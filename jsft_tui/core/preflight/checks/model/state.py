"""The model: fine-tunable, neither deprecated nor vulnerable, and incremental if the run requires it."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.storage.bucket import LocationFacts
from jsft_tui.core.storage.uri import S3Uri

ARTIFACT = Requirement[LocationFacts]("artifact")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block models that cannot be trained."""
    spec, artifact = plan.spec, plan.run.model.artifact
    if not spec.training_supported:
        remedy = Remedy("Choose a fine-tunable model", RemedyCommand.MODELS)
        yield block(f"{spec.model_id} cannot be fine-tuned.", remedy)
        return
    if artifact:
        S3Uri.parse(artifact)
        if not spec.incremental_training_supported:
            yield block(f"{spec.model_id} does not support incremental training.", "Remove model.artifact.")
            return
    if spec.deprecated:
        yield warn(f"{spec.model_id} {spec.version} is deprecated. {spec.deprecated_message}".strip())
    if spec.training_vulnerable:
        known = ", ".join(spec.training_vulnerabilities[:3])
        yield warn(
            f"the training code of {spec.model_id} {spec.version} has known vulnerabilities {known}".strip() + "."
        )
    yield passed(f"{spec.model_id} {spec.version}.")
    if artifact:
        yield from _judge_artifact(artifact, inputs[ARTIFACT])


def _judge_artifact(uri: str, found: LocationFacts) -> Iterator[CheckResult]:
    if not found.bucket.exists:
        yield block(f"the bucket of {uri} does not exist.", "Check model.artifact.")
    elif found.has_objects is False:
        yield block(
            f"no model artifact found at {uri}.", Remedy("Copy the output path of that job", RemedyCommand.JOB, "NAME")
        )


CHECK = Check("model_state", 230, evaluate, (ARTIFACT,))
