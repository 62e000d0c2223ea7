"""Batch transforms: plan, check, create once, watch, stop, and delete the model that was made for one."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.aws.account import Account
from jsft_tui.core.common.errors import Problem, blocked, usage
from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.serving.deploy.trained_model import trained_model
from jsft_tui.core.serving.deploy.types import hosting_types, suggested_type
from jsft_tui.core.serving.transform.checks import COST, QUOTA
from jsft_tui.core.serving.transform.job import TransformJob, is_same_transform
from jsft_tui.core.serving.transform.request import (
    TRANSFORM_TAG,
    Transform,
    TransformPlan,
    check_transformable,
    deployment_of,
    form_of,
    is_transform_type,
)
from jsft_tui.core.storage.archived import RESTORE, is_archived
from jsft_tui.services.background.polling import LOCAL, REMOTE, Clock
from jsft_tui.services.jobs.log_tail import LogTail, log_or_missing
from jsft_tui.services.serving.deploying import Deployed, Deploying, ensure, same
from jsft_tui.services.serving.repack import repack
from jsft_tui.services.serving.watching import Watcher
from jsft_tui.services.storage.transfer import Advance

CHECKS = ("image", "instance", "artifact", "memory", "license")
"""The checks of a deploy that are about the model, and hold for a transform too."""


class Transforming:
    """Batch transforms of one target."""

    def __init__(self, account: Account, deploying: Deploying, refused: Problem | None = None) -> None:
        """Transform with these services.

        Args:
            account: the adapters.
            deploying: knows models and checks.
            refused: why nothing is created at this target; None when creating is allowed.
        """
        self._account, self._deploying, self._refused = account, deploying, refused

    def plan(self, job: TrainingJob, wanted: Transform, now: float) -> TransformPlan:
        """Complete a transform: its name, instance type, role and form where it names none.

        Raises:
            Problem: the job has no model that can be used, its JumpStart model is unknown, or no type is known.
        """
        trained = trained_model(job)
        check_transformable(trained)
        spec = self._deploying.spec_of(trained)
        types = [name for name in hosting_types(spec, trained.trained_on) if is_transform_type(name)]
        suggested = suggested_type(spec, trained.trained_on, types)
        chosen = wanted.instance_type or (suggested.name if suggested else "")
        if not chosen:
            raise blocked("NoTransformType", f"{spec.model_id} names no type that transform jobs take.", "Name one.")
        deploy = self._deploying.plan(job, deployment_of(wanted, trained, chosen), now)
        return TransformPlan(wanted, form_of(wanted, spec), deploy)

    def check(self, plan: TransformPlan) -> list[Finding]:
        """Make the checks of the model, of quota and price, and see whether there is anything to predict.

        Raises:
            Problem: the data cannot be listed, is archived (code `Archived`), or there is none (code `NoData`).
        """
        if not is_transform_type(plan.deploy.deployment.instance_type):
            name = plan.deploy.deployment.instance_type
            raise blocked("NotATransformType", f"transform jobs do not take {name}.", "Choose another: --instance TYPE")
        data = plan.transform.data
        found = self._account.s3.flat_page(data).entries
        if not found:
            raise blocked("NoData", f"there is nothing at {data}.", "Check the URI: jsft s3 ls URI")
        if archived := [entry for entry in found if is_archived(entry)]:
            what = f"{plural(len(archived), 'object')} at {data} archived ({archived[0].storage_class})"
            raise blocked("Archived", f"{what}, which cannot be read: {archived[0].uri.key}.", RESTORE)
        return [*self._deploying.check(plan.deploy, CHECKS), *self._deploying.run(plan.deploy, (QUOTA, COST))]

    def send(self, plan: TransformPlan, advance: Advance = lambda _: None) -> Deployed:
        """Create the model and the job; what an earlier attempt created is used. The name decides: never two.

        Raises:
            Problem: the session is read-only, a name is taken, or AWS refused.
        """
        if self._refused:
            raise self._refused
        name, request = plan.name, plan.request
        serving, transforms = self._account.serving, self._account.transforms

        def look() -> bool | None:
            return same(transforms.find(name), lambda found: is_same_transform(found, request))

        if look() is not None:  # its model may be gone already
            return Deployed(name, tuple(filter(None, [ensure("transform job", name, look, lambda: "")])))

        def create_model() -> str:
            packed = plan.deploy.requests.repack
            if packed is not None:
                repack(self._account.s3, packed, advance)
            return serving.create_model(plan.model)

        created = [
            ensure("model", name, lambda: self._deploying.has_model(plan.deploy), create_model),
            ensure("transform job", name, look, lambda: transforms.create(request)),
        ]
        return Deployed(name, tuple(kind for kind in created if kind))

    def log(self, name: str) -> Iterator[LogLine]:
        """Return the log of a transform job so far, in time order.

        Raises:
            Problem: there is no such job (`NoSuchTransform`), or its log cannot be read.
        """
        logs, describe = self._account.transform_logs, self._account.transforms.describe
        return log_or_missing(logs, name, lambda: describe(name))

    def watch(self, name: str, clock: Clock | None = None) -> Watcher[TransformJob]:
        """Return what follows the states and the log of a transform job until it has ended."""
        transforms, logs = self._account.transforms, self._account.transform_logs
        cadence = LOCAL if self._account.target.endpoint else REMOTE
        return Watcher(
            lambda: transforms.describe(name),
            lambda job: job.status.is_final,
            LogTail(logs, name),
            cadence,
            clock,
        )

    def not_stopped(self, job: TransformJob) -> Problem | None:
        """Return why a transform job cannot be stopped; None if it can."""
        if job.status.is_final:
            return usage("AlreadyEnded", f"{job.name} has already ended ({job.status.value}).")
        return self._refused

    def stop(self, name: str) -> None:
        """Stop a transform job."""
        self._account.transforms.stop(name)

    def delete_model(self, job: TransformJob) -> bool:
        """Delete the model that jsft made for a transform job that has ended; return whether there was one.

        Raises:
            Problem: the session is read-only, or AWS refused.
        """
        if not job.status.is_final or not job.model:
            return False
        found = self._account.serving.find_model(job.model)
        if found is None or self._account.serving.tags_of(str(found["ModelArn"])).get(TRANSFORM_TAG) != job.name:
            return False
        if self._refused:
            raise self._refused
        self._account.serving.delete_model(job.model)
        return True


def transform_plan_document(plan: TransformPlan) -> dict[str, object]:
    """Return the requests of a transform by their operations."""
    return {"CreateModel": plan.model, "CreateTransformJob": plan.request}
