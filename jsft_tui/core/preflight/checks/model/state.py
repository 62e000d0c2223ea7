"""The model: fine-tunable, neither deprecated nor vulnerable, and incremental if the run requires it."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.storage.archived import RESTORE
from jsft_tui.core.storage.bucket import LocationFacts
from jsft_tui.core.storage.uri import S3Uri

ARTIFACT = Requirement[LocationFacts]("artifact")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block models that cannot be trained."""
    spec, artifact = plan.spec, plan.run.model.artifact
    if not spec.fine_tunable:
        remedy = Remedy("Choose a fine-tunable model", RemedyCommand.MODELS)
        yield block(f"{spec.model_id} cannot be fine-tuned: it has neither a training script nor recipes.", remedy)
        return
    if plan.run.customization is None and not spec.training_supported:
        known = ", ".join(dict.fromkeys(recipe.title for recipe in spec.recipes))
        way = f"Add customization: {{technique: {spec.recipes[0].technique.value}}}. It has: {known}."
        yield block(f"{spec.model_id} has no training script; it is fine-tuned by recipes.", way)
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
    yield passed(f"{spec.model_id} {spec.version}.", headline=f"{shortest_model_id(spec.model_id)} {spec.version}")
    if artifact:
        yield from _judge_artifact(artifact, inputs[ARTIFACT])


def _judge_artifact(uri: str, found: LocationFacts) -> Iterator[CheckResult]:
    if not found.bucket.exists:
        yield block(f"the bucket of {uri} does not exist.", "Check model.artifact.")
    elif found.has_objects is False:
        yield block(
            f"no model artifact found at {uri}.", Remedy("Copy the output path of that job", RemedyCommand.JOB, "NAME")
        )
    elif found.archived:
        yield block(f"the model at {uri} is archived ({found.archived}), which cannot be read.", RESTORE)


CHECK = Check("model_state", Subject.MODEL, 230, evaluate, (ARTIFACT,))
