"""How the endpoint answers: what asynchronous and serverless endpoints allow, and what they change."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.preflight.base.check import CheckResult, block, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.serving.deploy.mode import MAX_CONCURRENCY, MEMORY_MB, Asynchronous, Serverless
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan
from jsft_tui.core.serving.deploy.types import has_accelerator


def evaluate(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block serverless endpoints that the service would refuse; say what else is created or changed."""
    mode = plan.deployment.mode
    if isinstance(mode, Asynchronous):
        yield passed(
            f"asynchronous, 0 to {mode.max_instances} instances by the queue; answers at {mode.output}.",
            headline="asynchronous, scales to zero",
        )
    elif isinstance(mode, Serverless):
        yield from _serverless(plan, mode)
    else:
        yield nothing_to_tell("in real time.")


def _serverless(plan: DeployPlan, mode: Serverless) -> Iterator[CheckResult]:
    name = plan.deployment.instance_type
    if plan.trained.is_uncompressed:  # bc, ModelDataSource: "cannot be used" with serverless inference
        yield block("the model is not compressed, which serverless endpoints do not take.", "Deploy it with --async.")
    elif has_accelerator(name) or plan.spec.hosting.accelerators:
        yield block(f"{plan.spec.model_id} is served with GPUs, which serverless endpoints have not.", "Use --async.")
    elif mode.memory_mb not in MEMORY_MB:
        sizes = ", ".join(map(str, MEMORY_MB))
        yield block(f"serverless endpoints have no {mode.memory_mb} MB.", f"Choose one of {sizes}.")
    elif not 1 <= mode.max_concurrency <= MAX_CONCURRENCY:
        yield block(f"a concurrency of {mode.max_concurrency} is not possible.", f"Choose 1 to {MAX_CONCURRENCY}.")
    elif plan.spec.hosting.network_isolation or plan.trained.vpc:
        # Developer guide, Serverless Inference, "Feature exclusions".
        yield warn("serverless endpoints know neither network isolation nor a VPC: its container has a network.")
    else:
        yield passed(f"serverless, {mode.memory_mb} MB, at most {mode.max_concurrency} requests at a time.")


CHECK = DeployCheck("mode", Subject.INSTANCE, 35, evaluate)
