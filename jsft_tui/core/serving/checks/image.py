"""The container: there is one for the instance type, and the model fits to it as it is."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.preflight.base.check import CheckResult, passed
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan


def evaluate(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block a model without an image, or one that cannot be packed with the code that serves it."""
    requests = plan.requests
    image = str(requests.model["PrimaryContainer"]["Image"])
    packed = "" if requests.repack is None else f"; its code is packed into the model first ({requests.repack.target})"
    yield passed(f"{image}{packed}.", headline=image.rpartition("/")[2])


CHECK = DeployCheck("image", Subject.MODEL, 30, evaluate)
