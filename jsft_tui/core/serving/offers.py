"""The instance types that a trained model can be deployed to, with what each costs and what the quota leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.serving.checks.quota import endpoint_quota_name
from jsft_tui.core.serving.cost import EndpointCost
from jsft_tui.core.serving.deploy.deployment import LONGEST_NAME, Deployment
from jsft_tui.core.serving.deploy.mode import Serverless
from jsft_tui.core.serving.deploy.types import has_accelerator, hosting_types, is_retired, suggested_type
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.sizing.pricing import Price


@dataclass(frozen=True)
class HostingOffer:
    """An instance type.

    Attributes:
        name: of the type.
        price: of one instance; None: unknown.
        limit: the account's quota; None: not known.
        in_use: instances that endpoints use; None: not known.
        is_suggested: whether it is the one that the model names, or the first that is like that.
    """

    name: str
    price: Price | None = None
    limit: float | None = None
    in_use: int | None = None
    is_suggested: bool = False

    def cost(self, count: int = 1) -> EndpointCost:
        """Return what so many instances cost."""
        return EndpointCost(self.price, count)

    @property
    def left(self) -> float | None:
        """Return the instances that the quota leaves; None: not known."""
        return None if self.limit is None else max(0.0, self.limit - (self.in_use or 0))

    def has_room_for(self, count: int) -> bool:
        """Return whether the quota leaves so many instances, as far as that is known."""
        return self.left is None or self.left >= count

    @property
    def quota_text(self) -> str:
        """Return what is in use of the quota: `0 of 2 used`, `no quota`; empty where it is not known."""
        if self.limit is None:
            return ""
        if self.limit < 1:
            return "no quota"
        return f"{self.in_use} of {self.limit:g} used" if self.in_use is not None else f"quota {self.limit:g}"


@dataclass(frozen=True)
class DeployOffer:
    """What a job's model can be deployed to.

    Attributes:
        job: whose model it is.
        model_id: the JumpStart model.
        name: a name for the endpoint that no other one has.
        types: those with quota first, the cheapest of them first.
        is_repacked: whether it is packed with its code before.
        bucket: where the model is.
        endpoints: that the job has already; an answer that was lost may have been that of the last one.
    """

    job: str
    model_id: str
    name: str
    types: tuple[HostingOffer, ...]
    is_repacked: bool = False
    bucket: str = ""
    endpoints: tuple[str, ...] = ()

    @property
    def suggested(self) -> str:
        """Return the type to begin with: the model's own, or the first like it that has quota; empty without any."""
        own = next((each for each in self.types if each.is_suggested), None)
        if own is None:
            return next((each.name for each in self.types), "")
        alike = [each for each in self.types if has_accelerator(each.name) == has_accelerator(own.name)]
        with_room = next((each for each in alike if each.has_room_for(1)), own)
        return own.name if own.has_room_for(1) else with_room.name

    def get(self, name: str) -> HostingOffer:
        """Return the offer of a type."""
        return next((each for each in self.types if each.name == name), HostingOffer(name))


def hosting_offers(
    spec: ModelSpec,
    trained_on: str,
    prices: Mapping[str, Price],
    quotas: Mapping[str, float],
    used: Mapping[str, int] | None,
) -> tuple[HostingOffer, ...]:
    """Return the types that a model can be deployed to; those that AWS has retired are left out.

    Args:
        spec: of the model.
        trained_on: the instance type of the training.
        prices: of hosting, by instance type.
        quotas: applied ones, by their names; empty: not known.
        used: instances that endpoints use, by type; None: not known.
    """
    found = suggested_type(spec, trained_on)
    offers = [
        HostingOffer(
            name,
            prices.get(name),
            quotas.get(endpoint_quota_name(name)),
            None if used is None else used.get(name, 0),
            found is not None and name == found.name,
        )
        for name in hosting_types(spec, trained_on)
        if not is_retired(name)
    ]
    return tuple(sorted(offers, key=_rank))


def _rank(offer: HostingOffer) -> tuple[bool, bool, float, str]:
    usd = offer.price.usd_per_hour if offer.price is not None else 0.0
    return not offer.has_room_for(1), offer.price is None, usd, offer.name


def free_name(job: str, taken: Collection[str]) -> str:
    """Return the job's name for its endpoint, with a number where an endpoint has it already."""
    if job not in taken:
        return job
    numbers = range(2, len(taken) + 3)
    return next(name for each in numbers if (name := _numbered(job, each)) not in taken)


def endpoints_of(job: str, endpoints: Iterable[Endpoint]) -> tuple[str, ...]:
    """Return the endpoints that serve a job's model, or have its name, and cost money."""
    return tuple(each.name for each in endpoints if each.status.is_billed and job in (each.job, each.name))


def _numbered(job: str, number: int) -> str:
    end = f"-{number}"
    return f"{job[: LONGEST_NAME - len(end)].rstrip('-')}{end}"


def deploy_bound(chosen: Deployment, price: Price | None) -> float | None:
    """Return USD that an endpoint costs at most until its time is over, or in a month without one; None: unknown.

    A serverless one has no price by the hour: its bound is zero.

    Args:
        chosen: what is deployed.
        price: of one instance; None: unknown.
    """
    if isinstance(chosen.mode, Serverless):
        return 0.0
    cost = EndpointCost(price, chosen.most_instances)
    return cost.per_month if chosen.lifetime_seconds is None else cost.over(chosen.lifetime_seconds)
