"""The endpoints of a target: list them, tear them down, find what was left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from jsft_tui.aws.account import Account
from jsft_tui.core.common.errors import SIGNED_OUT, Problem, blocked
from jsft_tui.core.serving.deploy.deployment import NAME
from jsft_tui.core.serving.endpoint import Endpoint, EndpointStatus
from jsft_tui.core.serving.life.lifetime import JOB_TAG, SCHEDULE_TAG, lifetime_tags
from jsft_tui.core.serving.life.schedule import schedule_name, schedule_request
from jsft_tui.core.serving.teardown import Leftovers, Teardown, leftovers, teardown_of, teardown_of_leftover
from jsft_tui.services.background.tasks import map_parallel

T = TypeVar("T")

WORKERS = 8


class Endpoints:
    """The endpoints of one target."""

    def __init__(self, account: Account, refused: Problem | None = None) -> None:
        """Use an account.

        Args:
            account: the adapters.
            refused: why nothing is deleted at this target; None when deleting is allowed.
        """
        self._account, self._serving, self._refused = account, account.serving, refused

    def all(self) -> list[Endpoint]:
        """Return all endpoints of the region: those that jsft made first, the newest first.

        Raises:
            Problem: they cannot be listed, or one of them not described.
        """
        found = _each(self._serving.find, self._serving.endpoint_names())
        return sorted(found, key=lambda each: (not each.is_ours, -each.created))

    def expired(self, now: float) -> list[Endpoint]:
        """Return the endpoints whose time is over, without those that are being deleted already."""
        return [
            each
            for each in self.all()
            if each.expires is not None and each.expires <= now and each.status is not EndpointStatus.DELETING
        ]

    def teardown(self, name: str) -> Teardown:
        """Return what tearing down an endpoint would delete, and what it would keep.

        Raises:
            Problem: there is nothing of that name (`NoSuchEndpoint`), or what uses it cannot be determined.
        """
        found = replace(teardown_of(name, *self._uses()), schedule=self.schedule_of(name))
        found = replace(found, scaling=self._scaling(name, found))
        if found.is_empty and not found.shared:
            self._serving.describe(name)  # says that it does not exist
        return found

    def teardown_leftover(self, kind: str, name: str) -> Teardown:
        """Return what deleting a configuration or a model that was left behind deletes; never an endpoint.

        Args:
            kind: `CONFIG` or `MODEL` of `core.serving.teardown`.
            name: of the configuration or model.

        Raises:
            Problem: what uses it cannot be determined.
        """
        return teardown_of_leftover(kind, name, *self._uses())

    def delete(self, teardown: Teardown) -> None:
        """Delete it: first the endpoint, which costs money, then what belongs to it. Repeating it finishes it.

        An endpoint whose deletion is refused keeps its scaling: without it its instances would run for good.

        Raises:
            Problem: the session is read-only, the endpoint is changing (`EndpointBusy`), or AWS refused; what was
                deleted until then stays deleted. What the caller may not delete keeps nothing else from being deleted.
        """
        if self._refused:
            raise self._refused
        if teardown.endpoint:
            self._delete_endpoint(teardown.endpoint)
        denied: list[Problem] = []
        if teardown.schedule:  # it would delete the next endpoint of that name
            self._unless_denied(denied, lambda: self._account.schedules.delete(teardown.schedule))
        if teardown.scaling:
            self._unless_denied(denied, lambda: self._account.scaling.delete(teardown.scaling))
        if teardown.config:
            self._serving.delete_config(teardown.config)
        for model in teardown.models:
            self._serving.delete_model(model)
        if denied:
            raise denied[0]

    def delete_agreed(self, agreed: Teardown, look: Callable[[], Teardown]) -> None:
        """Delete what somebody agreed to, unless something else has begun to use it while they were asked.

        Args:
            agreed: what they were told.
            look: finds it anew.

        Raises:
            Problem: another teardown is due by now (`TeardownChanged`), or as `delete` does.
        """
        if look() != agreed:
            name = next((name for _, name in agreed.names), "")
            raise blocked(
                "TeardownChanged", f"{name} is used otherwise by now: nothing was deleted.", "Delete it again."
            )
        self.delete(agreed)

    def _delete_endpoint(self, name: str) -> None:
        try:
            self._serving.delete_endpoint(name)
        except Problem as problem:
            if problem.code != "ValidationException":
                raise
            found = self._serving.find(name)
            if found is None or not found.status.is_changing:
                raise
            message = f"{name} is {found.status.value}, and AWS deletes an endpoint only when that is over."
            remedy = f"Nothing was deleted. Repeat it later; its status: jsft endpoint {name}"
            raise Problem("EndpointBusy", message, remedy, retryable=True) from problem

    @staticmethod
    def _unless_denied(denied: list[Problem], delete: Callable[[], None]) -> None:
        try:
            delete()
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            denied.append(problem)

    def leftovers(self) -> Leftovers:
        """Return configurations and models that no endpoint uses."""
        return leftovers(*self._uses())

    def keep_until(self, endpoint: Endpoint, seconds: int, now: float, scheduler_role: str = "") -> None:
        """Give an endpoint a lifetime from now on, or another one.

        Args:
            endpoint: as described.
            seconds: from now.
            now: epoch seconds.
            scheduler_role: with which a schedule deletes it; empty: a schedule that it has is deleted, because it
                would end another lifetime.

        Raises:
            Problem: the session is read-only, or AWS refused.
        """
        if self._refused:
            raise self._refused
        schedule = schedule_name(endpoint.name) if scheduler_role else ""
        if scheduler_role:
            self._account.schedules.put(schedule_request(endpoint.name, now + seconds, scheduler_role))
        elif endpoint.schedule:
            self._account.schedules.delete(endpoint.schedule)
            self._serving.untag(endpoint.arn, [SCHEDULE_TAG])
        tags = lifetime_tags(endpoint.job, seconds, now, schedule)
        self._serving.tag(endpoint.arn, {name: value for name, value in tags.items() if name != JOB_TAG})

    def _scaling(self, name: str, found: Teardown) -> str:
        """Return the endpoint whose scaling ends, also where an interrupted teardown left only the configuration."""
        if found.endpoint:
            described = self._serving.find(name)
            return name if described is not None and described.is_async else ""
        config = self._serving.find_config(found.config) if found.config else None
        return name if config is not None and config.output else ""

    def schedule_of(self, name: str) -> str:
        """Return the schedule that would delete an endpoint; empty where there is none or it may not be read."""
        wanted = schedule_name(name)
        if not NAME.fullmatch(name):
            return ""
        try:
            found = self._account.schedules.find(wanted)
        except Problem as problem:
            if problem.code in SIGNED_OUT:
                raise
            return ""
        return wanted if found is not None and found.deletes(name) else ""

    def _uses(self) -> tuple[dict[str, str], dict[str, tuple[str, ...]], frozenset[str]]:
        """Return which endpoint uses which configuration, which of these which models, and all models."""
        endpoints = {each.name: each.config for each in _each(self._serving.find, self._serving.endpoint_names())}
        configs = _each(self._serving.find_config, self._serving.config_names())
        return endpoints, {each.name: each.models for each in configs}, frozenset(self._serving.model_names())


def _each(find: Callable[[str], T | None], names: Iterable[str]) -> list[T]:
    """Describe all of some names; those that are gone meanwhile are left out.

    Raises:
        Problem: one of them cannot be described: a list without it would be wrong.
    """
    found = []
    for _, each in map_parallel(find, names, WORKERS):
        if isinstance(each, Problem):
            raise each
        if each is not None:
            found.append(each)
    return found
