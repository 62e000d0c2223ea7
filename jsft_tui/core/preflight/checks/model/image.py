"""A training image exists for the instance's family and the region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jsft_tui.core.customization.method import ON_INSTANCES
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, passed
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.request.build import build_request


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block (by the builder's own Problem) without an image or gated weights for the family."""
    # A missing default dataset is reported by the `data` check.
    run = plan.run if plan.run.data else replace(plan.run, data={"training": f"s3://{plan.place.buckets.content}/"})
    request = build_request(run, plan.spec, plan.place)
    image = str(request["AlgorithmSpecification"]["TrainingImage"]).rsplit("/", 1)[-1]
    yield passed(image, detail="image exists")


CHECK = Check("image", Subject.INSTANCE, 120, evaluate, methods=ON_INSTANCES, label="Image")
