"""The prices of customization jobs: each job is given that of its recipe."""

from __future__ import annotations

import time
from dataclasses import replace

from jsft_tui.aws.account import Account
from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.customization.cost.estimate import CostEstimate
from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.customization.recipes.choice import choose_recipe
from jsft_tui.core.jobs.customization.cost import customization_cost
from jsft_tui.core.jobs.customization.customization_job import CustomizationJob, customization_job
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.services.catalog import Catalog


class JobCosts:
    """Prices the customizations of one target; the price of a recipe is asked for once."""

    def __init__(self, account: Account, catalog: Catalog) -> None:
        self._account = account
        self._catalog = catalog
        self._known: dict[tuple[str | None, str], SkuPrice | Problem | None] = {}
        """Model and title of a customization -> its price, or why it is not known."""

    def priced(self, job: TrainingJob) -> TrainingJob:
        """Return a job with the price of its recipe; as it is where the price cannot be known."""
        customization = customization_job(job)
        price = self._price(job, customization) if customization is not None else None
        return replace(job, recipe_price=price) if isinstance(price, SkuPrice) else job

    def of(self, job: TrainingJob, customization: CustomizationJob) -> CostEstimate:
        """Return the cost so far; unknown, with the reason, where its price or its tokens are."""
        price = self._price(job, customization)
        if isinstance(price, Problem):
            return CostEstimate(None, price.message.rstrip("."))
        return customization_cost(replace(job, recipe_price=price), time.time())

    def _price(self, job: TrainingJob, customization: CustomizationJob) -> SkuPrice | Problem | None:
        key = job.model_id, customization.title
        if key not in self._known:
            try:
                self._known[key] = self._ask(job, customization)
            except Problem as problem:
                if problem.retryable:
                    return problem
                self._known[key] = problem
        return self._known[key]

    def _ask(self, job: TrainingJob, customization: CustomizationJob) -> SkuPrice | None:
        technique, region = Technique.find(customization.technique), self._account.target.region
        if technique is None or job.model_id is None:
            return None
        wanted = Customization(technique, Adapter(customization.adapter), customization.sequence_length)
        # Any version: the service trains the latest, and prices belong to the model.
        sku = choose_recipe(self._catalog.spec(job.model_id), wanted).sku_in(region)
        return self._account.price_list.sku_price(sku, region) if sku else None
