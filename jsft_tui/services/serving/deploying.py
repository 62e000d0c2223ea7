"""Deploy trained models: plan, check, and create model, configuration and endpoint, each once."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from jsft_tui.aws.account import Account
from jsft_tui.aws.client import sagemaker_sdk as sdk
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import SIGNED_OUT, Problem, blocked
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.request.place import Place
from jsft_tui.core.serving.checks import checks
from jsft_tui.core.serving.checks.name import unusable
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.deploy.mode import SCALE_TAG, Asynchronous, Mode, Serverless, scale_tags
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan
from jsft_tui.core.serving.deploy.trained_model import TrainedModel, trained_model
from jsft_tui.core.serving.deploy.types import has_accelerator, hosting_types, suggested_type
from jsft_tui.core.serving.endpoint import Endpoint, EndpointStatus, is_same_config, is_same_model
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.serving.endpoints import Endpoints
from jsft_tui.services.serving.inputs import DeployInputs
from jsft_tui.services.serving.repack import repack
from jsft_tui.services.storage.transfer import Advance


@dataclass(frozen=True)
class Deployed:
    """An endpoint that was created, or was there.

    Attributes:
        created: kinds of what this attempt created; empty: all of it was there.
    """

    name: str
    created: tuple[str, ...]


class Deploying:
    """Deploys the models of one target's training jobs."""

    def __init__(
        self,
        account: Account,
        catalog: Catalog,
        inputs: DeployInputs,
        refused: Problem | None = None,
        now: Callable[[], float] = time.time,
        flags: str = "",
    ) -> None:
        """Deploy with these services.

        Args:
            account: the adapters.
            catalog: the models of the region.
            inputs: fetches what the checks require.
            refused: why nothing is created at this target; None when creating is allowed.
            now: returns epoch seconds.
            flags: the options of the command line that lead to the target.
        """
        self._flags = flags
        self._account, self._catalog, self._inputs, self._refused = account, catalog, inputs, refused
        self._endpoints, self._now = Endpoints(account, refused), now
        self._given_up: set[str] = set()
        """Endpoints whose scaling was refused, not to be asked for again with every look at them."""

    def plan(self, job: TrainingJob, wanted: Deployment, now: float) -> DeployPlan:
        """Complete a deployment: name, instance type, role and tags where it names none.

        Args:
            job: whose model is deployed.
            wanted: what was chosen; an empty name is the job's, an empty type the one that the spec suggests.
            now: epoch seconds, from which the lifetime counts.

        Raises:
            Problem: the job has no model that can be deployed, or its JumpStart model is unknown.
        """
        trained = trained_model(job)
        spec = self.spec_of(trained)
        instance_type, name = wanted.instance_type or self._type(spec, trained, wanted.mode), wanted.name or job.name
        deployment = replace(
            wanted,
            name=name,
            instance_type=instance_type,
            role=wanted.role or trained.role,
            tags={**wanted.tags, **scale_tags(wanted.mode)},
        )
        return DeployPlan(deployment, trained, spec, self._place(spec, instance_type)).starting(now)

    def check(self, plan: DeployPlan, names: Collection[str] | None = None) -> list[Finding]:
        """Make all checks, or those of some names."""
        return self.run(plan, [check for check in checks() if names is None or check.name in names])

    def run(self, plan: DeployPlan, chosen: Collection[DeployCheck]) -> list[Finding]:
        """Make some checks."""
        inputs = self._inputs.fetch(plan, dict.fromkeys(need for check in chosen for need in check.requires))
        return [finding.for_target(self._flags) for check in chosen for finding in check.run(plan, inputs)]

    def spec_of(self, trained: TrainedModel) -> ModelSpec:
        """Return the spec of a trained model.

        Raises:
            Problem: its JumpStart model or version is unknown.
        """
        return self._catalog.spec(trained.model_id, trained.version)

    def has_model(self, plan: DeployPlan) -> bool | None:
        """Return whether the model of a plan exists; None: nothing has its name, False: another model has."""
        request = plan.requests.model
        return same(self._account.serving.find_model(plan.deployment.name), lambda found: is_same_model(found, request))

    def send(self, plan: DeployPlan, advance: Advance = lambda _: None) -> Deployed:
        """Create schedule, model, configuration and endpoint; what an earlier attempt created is used.

        The schedule comes before what costs money: an interruption leaves no endpoint that nothing deletes. The
        lifetime counts from now, after the packing; that of an endpoint that was there begins anew.

        An answer that is lost leads to no second one: the name decides, and whoever repeats this finishes it.

        Args:
            plan: what is deployed.
            advance: called with the bytes that are transferred where the model is packed with its code.

        Raises:
            Problem: the session is read-only, the code cannot be packed, a name is taken, the endpoint is there and has
                failed or is being deleted, or AWS refused.
        """
        if self._refused:
            raise self._refused
        name, serving = plan.deployment.name, self._account.serving
        found, packed = serving.find(name), plan.requests.repack
        if found is not None and (problem := unusable(name, found.status)) is not None:
            raise problem
        if packed is not None and self.has_model(plan) is None:
            repack(self._account.s3, packed, advance)
        now = self._now()
        plan = plan.starting(now)
        requests = plan.requests
        if found is None:
            self._schedule(plan)
        created = [
            ensure(
                "model",
                name,
                lambda: self.has_model(plan),
                lambda: serving.create_model(requests.model),
            ),
            ensure(
                "endpoint configuration",
                name,
                lambda: same(serving.find_config(name), lambda found: is_same_config(found, requests.config)),
                lambda: serving.create_config(requests.config),
            ),
            ensure(
                "endpoint",
                name,
                lambda: same(serving.find(name), lambda found: found.config == name),
                lambda: serving.create_endpoint(requests.endpoint),
            ),
        ]
        if found is not None and plan.deployment.lifetime_seconds is not None:
            role = plan.deployment.scheduler_role
            self._endpoints.keep_until(found, plan.deployment.lifetime_seconds, now, role)
        return Deployed(name, tuple(kind for kind in created if kind))

    def _schedule(self, plan: DeployPlan) -> None:
        """Put the schedule of an endpoint that is to be created, or delete one that an earlier attempt left."""
        if plan.schedule is not None:
            self._account.schedules.put(plan.schedule)
        elif left := self._endpoints.schedule_of(plan.deployment.name):
            self._account.schedules.delete(left)

    def scale(self, plan: DeployPlan) -> Problem | None:
        """Let an asynchronous endpoint scale to zero; return why that has to wait: it must be in service first.

        Raises:
            Problem: AWS refused for another reason.
        """
        if not isinstance(plan.deployment.mode, Asynchronous):
            return None
        found = self._account.serving.find(plan.deployment.name)
        try:
            self._scale(plan.deployment.name, plan.deployment.mode, found)
        except Problem as problem:
            if found is None or found.status is not EndpointStatus.CREATING:
                raise
            return problem
        return None

    def scale_waiting(self, endpoints: Iterable[Endpoint]) -> dict[str, Problem | None]:
        """Let asynchronous endpoints scale to zero that have come into service since they were created.

        It costs a call only where something is to be done, so it may follow every look at the endpoints.

        Args:
            endpoints: as just described.

        Returns:
            What was tried, by the endpoint: None: it scales; else why not. What is refused for good is tried once.

        Raises:
            Problem: nobody is signed in.
        """
        tried: dict[str, Problem | None] = {}
        for each in () if self._refused else endpoints:
            mode = each.waits_to_scale
            if mode is None or each.name in self._given_up:
                continue
            try:
                self._scale(each.name, mode, each)
                tried[each.name] = None
            except Problem as problem:
                if problem.code in SIGNED_OUT:
                    raise
                tried[each.name] = problem
                if not problem.retryable:
                    self._given_up.add(each.name)
        return tried

    def _scale(self, name: str, mode: Asynchronous, found: Endpoint | None) -> None:
        self._account.scaling.put(name, mode)
        if found is not None and SCALE_TAG in found.tags:
            self._account.serving.untag(found.arn, [SCALE_TAG])

    def _type(self, spec: ModelSpec, trained: TrainedModel, mode: Mode) -> str:
        if isinstance(mode, Serverless):  # its image is that of a type without GPUs
            types = [each for each in hosting_types(spec, trained.trained_on) if not has_accelerator(each)]
            if types:
                return types[0]
        found = suggested_type(spec, trained.trained_on)
        if found is None:
            raise blocked("NoHostingType", f"{spec.model_id} names no instance type that AWS still has.", "Name one.")
        return found.name

    def _place(self, spec: ModelSpec, instance_type: str) -> Place:
        region, buckets = self._account.target.region, self._account.content.buckets
        if spec.hosting.variants.variants or spec.hosting.ecr is None:
            return Place(region, buckets)
        return Place(region, buckets, sdk.inference_image(spec.hosting.ecr, instance_type, region))


def same(found: Any, is_same: Callable[[Any], bool]) -> bool | None:
    """Return whether what was found is what would be created; None: nothing was found."""
    return None if found is None else is_same(found)


def ensure(kind: str, name: str, look: Callable[[], bool | None], create: Callable[[], str]) -> str:
    """Create something unless it is there; return its kind if it was created.

    Raises:
        Problem: something else has the name (code `NameTaken`), or AWS refused.
    """
    there = look()
    if there is None:
        try:
            create()
        except Problem:
            there = look()  # an answer may have been lost, and the repeated request refused
            if not there:
                raise
        return kind
    if not there:
        raise blocked("NameTaken", f"{name!r} is the name of another {kind}.", "Choose another name.")
    return ""
