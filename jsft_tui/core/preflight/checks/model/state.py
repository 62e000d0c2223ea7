"""The model: fine-tunable, neither deprecated nor vulnerable, and able to go on from a former job if asked to."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.preflight.base.check import Check, DataFacts, Facts, Judgement, Need, Plan, doubt, good, stop
from jsft_tui.core.storage.uri import S3Uri


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks on models that cannot be trained."""
    spec, artifact = plan.spec, plan.run.model.artifact
    if not spec.training_supported:
        yield stop(f"{spec.model_id} cannot be fine-tuned.", Remedy("Find one that can", RemedyCommand.MODELS))
        return
    if artifact:
        S3Uri.parse(artifact)
        if not spec.incremental_training_supported:
            yield stop(f"{spec.model_id} cannot go on from a former job's model.", "Remove model.artifact.")
            return
    if spec.deprecated:
        yield doubt(f"{spec.model_id} {spec.version} is deprecated. {spec.deprecated_message}".strip())
    if spec.training_vulnerable:
        known = ", ".join(spec.training_vulnerabilities[:3])
        yield doubt(
            f"the training code of {spec.model_id} {spec.version} has known vulnerabilities {known}".strip() + "."
        )
    yield good(f"{spec.model_id} {spec.version}.")
    if artifact:
        yield from _judge_artifact(artifact, facts.artifact)


def _judge_artifact(uri: str, found: DataFacts) -> Iterator[Judgement]:
    if not found.bucket.exists:
        yield stop(f"the bucket of {uri} does not exist.", "Check model.artifact.")
    elif found.has_objects is False:
        yield stop(
            f"there is no former model at {uri}.", Remedy("Copy the output path of that job", RemedyCommand.JOB, "NAME")
        )


CHECK = Check("model_state", judge, (Need.ARTIFACT,))
