"""The trained model: it is there, and the role may read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jsft_tui.core.account.permissions import Permissions, Verdict, actions_on
from jsft_tui.core.preflight.base.check import CheckResult, block, passed, unknown
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan
from jsft_tui.core.storage.archived import RESTORE


@dataclass(frozen=True)
class ModelSize:
    """The size of a trained model.

    Attributes:
        bytes: as it lies in S3.
        objects: number of objects; 0: it is not there.
        archived: the storage class of one that is archived; empty where none is.
    """

    bytes: int
    objects: int
    archived: str = ""


MODEL_SIZE = Requirement[ModelSize]("model")
READER = Requirement[Permissions]("role permissions")
"""What the role of the endpoint may do with the model."""


def evaluate(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block a model that is gone, or that the role cannot read: the endpoint would fail after minutes."""
    uri, size = plan.trained.artifact, inputs[MODEL_SIZE]
    if not size.objects:
        yield block(f"the model is not at {uri} any more.", "Deploy another job, or put the model back.")
        return
    if size.archived:
        yield block(f"the model at {uri} is archived ({size.archived}), which cannot be read.", RESTORE)
        return
    role = plan.deployment.role or plan.trained.role
    if not role:
        yield block("no role reads the model.", "Name one: --role arn:aws:iam::…:role/…")
        return
    permissions = inputs[READER]
    denied = permissions.with_verdict(Verdict.DENIED)
    doubtful = [*permissions.with_verdict(Verdict.NOT_ALLOWED), *permissions.with_verdict(Verdict.DEPENDS)]
    if denied:
        yield block(f"{role} is denied {actions_on(denied)}.", "Choose another role, or ask for the permission.")
    elif doubtful:
        yield unknown(f"no policy of {role} allows {actions_on(doubtful)}; the bucket's own policy may.")
    else:
        yield passed(f"{uri} is there, and {role} may read it.")


CHECK = DeployCheck("artifact", Subject.DATA, 60, evaluate, (MODEL_SIZE, READER))
