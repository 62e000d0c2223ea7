"""Find out what the model of a job can be deployed to, before anything is chosen."""

from __future__ import annotations

from collections.abc import Mapping

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.serving.deploy.trained_model import trained_model
from jsft_tui.core.serving.endpoint import Endpoint, instances_in_use
from jsft_tui.core.serving.offers import DeployOffer, endpoints_of, free_name, hosting_offers
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.preflight.prices import Prices
from jsft_tui.services.preflight.quotas import QuotaBook
from jsft_tui.services.serving.endpoints import Endpoints


class DeployOffers:
    """What the models of one target's jobs can be deployed to."""

    def __init__(self, catalog: Catalog, endpoints: Endpoints, quotas: QuotaBook, prices: Prices) -> None:
        self._catalog, self._endpoints, self._quotas, self._prices = catalog, endpoints, quotas, prices

    def of(self, job: TrainingJob) -> DeployOffer:
        """Return the types for a job's model, and a name that is free.

        Raises:
            Problem: the job has no model that can be deployed, or its JumpStart model is unknown.
        """
        trained = trained_model(job)
        spec = self._catalog.spec(trained.model_id, trained.version)
        endpoints = self._listed()
        used = None if endpoints is None else instances_in_use(endpoints)
        types = hosting_offers(spec, trained.trained_on, self._prices.table(), self._applied(), used)
        return DeployOffer(
            job.name,
            spec.model_id,
            free_name(job.name, {each.name for each in endpoints or ()}),
            types,
            spec.hosting.is_repacked,
            trained.artifact.bucket,
            endpoints_of(job.name, endpoints or ()),
        )

    def _listed(self) -> list[Endpoint] | None:
        try:
            return self._endpoints.all()
        except Problem:
            return None  # not allowed to see the endpoints: the checks say what that means

    def _applied(self) -> Mapping[str, float]:
        try:
            return self._quotas.applied()
        except Problem:
            return {}  # not allowed to see quotas: any type may have some
