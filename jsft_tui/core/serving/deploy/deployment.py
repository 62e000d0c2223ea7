"""A deployment: what a person chooses, completed from the spec of the model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from jsft_tui.core.serving.deploy.mode import Asynchronous, Mode

LONGEST_NAME = 63
"""Characters of an endpoint's name at most (CreateEndpoint, EndpointName)."""

NAME = re.compile(rf"(?!.{{{LONGEST_NAME + 1}}})[a-zA-Z0-9](-*[a-zA-Z0-9])*")
"""ModelName, EndpointConfigName and EndpointName: the pattern of all three (CreateEndpoint)."""

MOST_INSTANCES = 100
"""Instances that are offered at most: above them a number is a slip of the finger."""

USUAL_LIFETIME = 7_200
"""Seconds that an endpoint lives unless something else is chosen: long enough to try a model."""


@dataclass(frozen=True)
class Deployment:
    """A model on an endpoint.

    Attributes:
        name: of the endpoint, its configuration and the model: one name for the three, so that they go together. It is
            the name of the training job unless another is chosen, so that deploying a job again finds its endpoint.
        instance_type: the type that hosts it.
        count: instances.
        role: the role that reads the model; empty: that of the training.
        lifetime_seconds: after which the endpoint is to be deleted; None: no limit.
        scheduler_role: ARN of the role with which EventBridge Scheduler deletes the endpoint then; empty: no schedule
            is made, and only jsft deletes it.
        max_usd_per_month: the cap of what it may cost in a month; None: no cap.
        mode: how it answers; None: in real time.
        tags: further tags.
    """

    name: str
    instance_type: str
    count: int = 1
    role: str = ""
    lifetime_seconds: int | None = None
    scheduler_role: str = ""
    max_usd_per_month: float | None = None
    mode: Mode = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def most_instances(self) -> int:
        """Return the instances that may run, and cost, at the same time: those that it scales to, or starts with."""
        return max(self.count, self.mode.max_instances) if isinstance(self.mode, Asynchronous) else self.count
