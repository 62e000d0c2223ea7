"""What is checked before a deploy, and what a check of it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.preflight.base.check import CheckResult, Finding, findings_of
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.request.place import Place
from jsft_tui.core.serving.deploy.build import ServingRequests, build_requests
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.deploy.trained_model import TrainedModel
from jsft_tui.core.serving.life.lifetime import expiry, lifetime_tags
from jsft_tui.core.serving.life.schedule import schedule_name, schedule_request


@dataclass(frozen=True)
class DeployPlan:
    """A deployment of a trained model, and where it would be."""

    deployment: Deployment
    trained: TrainedModel
    spec: ModelSpec
    place: Place

    @property
    def requests(self) -> ServingRequests:
        """Return what would be sent.

        Raises:
            Problem: there is no image for the type, or the model cannot be packed with its code.
        """
        return build_requests(self.deployment, self.trained, self.spec, self.place)

    @property
    def schedule(self) -> Mapping[str, Any] | None:
        """Return the CreateSchedule request that ends its lifetime; None where it has none, or no role for it."""
        moment = expiry(self.deployment.tags)
        if moment is None or not self.deployment.scheduler_role:
            return None
        return schedule_request(self.deployment.name, moment, self.deployment.scheduler_role)

    def starting(self, now: float) -> DeployPlan:
        """Return the plan with a lifetime that counts from now: questions and packing take their time.

        Args:
            now: epoch seconds.
        """
        chosen = self.deployment
        schedule = schedule_name(chosen.name) if chosen.scheduler_role else ""
        tags = {**chosen.tags, **lifetime_tags(self.trained.job, chosen.lifetime_seconds, now, schedule)}
        return replace(self, deployment=replace(chosen, tags=tags))


@dataclass(frozen=True)
class DeployCheck:
    """One check before a deploy; its members are those of `preflight.base.check.Check`."""

    name: str
    subject: Subject
    order: int
    evaluate: Callable[[DeployPlan, Inputs], Iterable[CheckResult]]
    requires: tuple[Requirement[Any], ...] = ()

    def run(self, plan: DeployPlan, inputs: Inputs) -> list[Finding]:
        """Return the findings; one that passes when the evaluation yields nothing."""
        return findings_of(self.name, lambda: self.evaluate(plan, inputs))
