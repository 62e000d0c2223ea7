"""Fetch what the checks before a deploy require."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from jsft_tui.aws.account import Account
from jsft_tui.core.account.permissions import Permissions
from jsft_tui.core.account.quotas import QuotaFacts
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.required_access import Access
from jsft_tui.core.serving.checks.artifact import MODEL_SIZE, READER, ModelSize
from jsft_tui.core.serving.checks.cost import HOSTING_PRICES
from jsft_tui.core.serving.checks.instance import OFFERED
from jsft_tui.core.serving.checks.lifetime import KEEPER, keeper_access
from jsft_tui.core.serving.checks.name import NAMES, NameUse
from jsft_tui.core.serving.checks.permissions import DEPLOYER, deployer_access
from jsft_tui.core.serving.checks.quota import ENDPOINT_QUOTA, endpoint_quota_name
from jsft_tui.core.serving.deploy.deployment import NAME
from jsft_tui.core.serving.deploy.plan import DeployPlan
from jsft_tui.core.serving.deploy.types import hosting_types
from jsft_tui.core.serving.endpoint import instances_in_use, is_same_config, is_same_model
from jsft_tui.core.serving.transform.checks import TRANSFORM_QUOTA, transform_quota_name
from jsft_tui.core.storage.archived import is_archived
from jsft_tui.core.storage.uri import Entry
from jsft_tui.services.background.tasks import map_parallel
from jsft_tui.services.preflight.prices import Prices
from jsft_tui.services.preflight.quotas import QuotaBook
from jsft_tui.services.preflight.simulation import caller_permissions, simulated
from jsft_tui.services.serving.endpoints import Endpoints

WORKERS = 6


class DeployInputs:
    """Fetches the inputs of the checks from AWS. Never writes anything."""

    def __init__(self, account: Account, endpoints: Endpoints, quotas: QuotaBook, prices: Prices) -> None:
        self._account, self._endpoints, self._quotas = account, endpoints, quotas
        self._fetches: Mapping[Requirement[Any], Callable[[DeployPlan], Any]] = {
            NAMES: self._names,
            OFFERED: self._offered,
            ENDPOINT_QUOTA: self._quota,
            TRANSFORM_QUOTA: self._transform_quota,
            MODEL_SIZE: self._size,
            READER: self._reader,
            HOSTING_PRICES: lambda _: prices.table(),
            DEPLOYER: self._deployer,
            KEEPER: self._keeper,
        }

    def fetch(self, plan: DeployPlan, needed: Iterable[Requirement[Any]]) -> Inputs:
        """Fetch what is needed at the same time; what cannot be fetched is its Problem."""
        return Inputs(dict(map_parallel(lambda each: self._fetches[each](plan), needed, WORKERS)))

    def _names(self, plan: DeployPlan) -> NameUse:
        name = plan.deployment.name
        if not NAME.fullmatch(name):
            return NameUse()
        requests, serving = plan.requests, self._account.serving
        model, config, endpoint = serving.find_model(name), serving.find_config(name), serving.find(name)
        found = {
            "model": None if model is None else is_same_model(model, requests.model),
            "endpoint configuration": None if config is None else is_same_config(config, requests.config),
            "endpoint": None if endpoint is None else endpoint.config == name and endpoint.job == plan.trained.job,
        }
        return NameUse(
            tuple(kind for kind, same in found.items() if same is False),
            tuple(kind for kind, same in found.items() if same),
            endpoint.status if endpoint is not None and found["endpoint"] else None,
        )

    def _offered(self, plan: DeployPlan) -> Mapping[str, tuple[str, ...]]:
        types = {plan.deployment.instance_type, *hosting_types(plan.spec, plan.trained.trained_on)}
        return self._account.ec2.zones_with(types)

    def _quota(self, plan: DeployPlan) -> QuotaFacts:
        applied, chosen = self._quotas.applied(), plan.deployment.instance_type
        used: Counter[str] | None
        try:
            used = instances_in_use(self._endpoints.all())
        except Problem:
            used = None  # not allowed to see the endpoints: the quota is checked without them
        types = hosting_types(plan.spec, plan.trained.trained_on)
        limits = {name: applied[quota] for name in types if (quota := endpoint_quota_name(name)) in applied}
        name = endpoint_quota_name(chosen)
        return QuotaFacts(
            name,
            applied.get(name),
            None if used is None else used[chosen],
            free={each: max(0.0, limit - (used or Counter())[each]) for each, limit in limits.items()},
        )

    def _transform_quota(self, plan: DeployPlan) -> QuotaFacts:
        name, chosen = transform_quota_name(plan.deployment.instance_type), plan.deployment
        try:
            running = self._account.transforms.running()
        except Problem:
            return QuotaFacts(name, self._quotas.applied().get(name), None)  # not allowed to see the jobs
        others = (each for each in running if each.name != chosen.name and each.instance_type == chosen.instance_type)
        return QuotaFacts(name, self._quotas.applied().get(name), sum(each.count for each in others))

    def _size(self, plan: DeployPlan) -> ModelSize:
        uri = plan.trained.artifact
        if plan.trained.is_uncompressed:
            return _size_of(list(self._account.s3.objects(uri.as_prefix())))
        try:
            return _size_of([self._account.s3.head(uri)])
        except Problem as problem:
            if problem.code == "NotFound":
                return ModelSize(0, 0)
            raise

    def _reader(self, plan: DeployPlan) -> Permissions | None:
        role, uri = plan.deployment.role or plan.trained.role, plan.trained.artifact
        if not role.startswith("arn:"):
            return None
        bucket = f"arn:{role.split(':')[1]}:s3:::{uri.bucket}"
        wanted = [Access(("s3:GetObject",), (f"{bucket}/{uri.key}*",))]
        if plan.trained.is_uncompressed:
            wanted.append(Access(("s3:ListBucket",), (bucket,)))
        return simulated(self._account.iam, role, wanted, plan.place.region)

    def _deployer(self, plan: DeployPlan) -> Permissions | None:
        if not plan.deployment.role.startswith("arn:"):
            return None
        caller = self._account.iam.identity()
        wanted = deployer_access(plan, caller.account)
        return caller_permissions(self._account.iam, caller, wanted, plan.place.region)

    def _keeper(self, plan: DeployPlan) -> Permissions | None:
        if plan.schedule is None:
            return None
        account = self._account.iam.identity().account
        wanted = [keeper_access(plan, account)]
        return simulated(self._account.iam, plan.deployment.scheduler_role, wanted, plan.place.region)


def _size_of(objects: Sequence[Entry]) -> ModelSize:
    archived = next((entry.storage_class for entry in objects if is_archived(entry)), "")
    return ModelSize(sum(entry.size or 0 for entry in objects), len(objects), archived)
