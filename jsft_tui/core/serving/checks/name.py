"""The name of the endpoint: valid, and not used by anything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jsft_tui.core.common.errors import Problem, blocked
from jsft_tui.core.preflight.base.check import CheckResult, block, passed
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.run.name import suggest
from jsft_tui.core.serving.deploy.deployment import NAME
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan
from jsft_tui.core.serving.endpoint import EndpointStatus


@dataclass(frozen=True)
class NameUse:
    """What has the name already.

    Attributes:
        others: kinds (`model`, `endpoint configuration`, `endpoint`) of that name that differ from this deploy.
        ours: kinds that an earlier attempt of this very deploy created.
        status: of the endpoint of this deploy; None: there is none.
    """

    others: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    status: EndpointStatus | None = None

    @property
    def endpoint_is_ours(self) -> bool:
        """Return whether the endpoint of this deploy exists, and uses its quota."""
        return "endpoint" in self.ours and (self.status is None or self.status.is_billed)


NAMES = Requirement[NameUse]("names")


def unusable(name: str, status: EndpointStatus) -> Problem | None:
    """Return why a deploy cannot go on with its endpoint that is there; None if it can."""
    if status is EndpointStatus.FAILED:
        remedy = f"See why: jsft endpoint {name}. Delete it, and deploy again: jsft teardown {name}"
        return blocked("EndpointFailed", f"the endpoint {name} is there, and has failed.", remedy)
    if status is EndpointStatus.DELETING:
        return blocked("EndpointDeleting", f"the endpoint {name} is being deleted.", "Wait until it is gone.")
    return None


def evaluate(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block names that the service would refuse."""
    name = plan.deployment.name
    if not NAME.fullmatch(name):
        rule = "1 to 63 letters, digits and hyphens, no hyphen at either end"
        remedy = f"Use {suggest(name)!r}, for example." if suggest(name) else ""
        yield block(f"{name!r} is not a valid name: {rule}.", remedy)
        return
    found = inputs[NAMES]
    if found.others:
        yield block(f"{name!r} is the name of another {' and '.join(found.others)}.", "Choose another name.")
    elif found.status is not None and (problem := unusable(name, found.status)) is not None:
        yield block(problem.message, problem.remedy)
    elif found.ours:
        yield passed(f"an earlier attempt created {' and '.join(found.ours)}; this one goes on from there.")
    else:
        yield passed(f"{name} is free.", headline=name)


CHECK = DeployCheck("name", Subject.OUTPUT, 10, evaluate, (NAMES,))
