"""Plan runs at a target: the first run of a model, and all that the checks and the request of a run need."""

from __future__ import annotations

import time
from collections.abc import Callable

from jsft_tui.aws.account import Account
from jsft_tui.core.account.target import Target
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.request.place import Place
from jsft_tui.core.run.defaults import Defaults, with_defaults
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.suggest import first_run
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.customization.first_run import first_customization_run
from jsft_tui.services.preflight.market import MarketFinder


class Planning:
    """Plans runs at one target."""

    def __init__(
        self,
        target: Target,
        account: Account,
        catalog: Catalog,
        market: MarketFinder,
        defaults: Callable[[], Defaults],
    ) -> None:
        """Plan at a target.

        Args:
            target: where requests go.
            account: of the target.
            catalog: the models of the region.
            market: finds prices and quotas.
            defaults: returns what runs get that do not say, as the settings have it now.
        """
        self._target, self._account, self._catalog = target, account, catalog
        self._market, self._defaults = market, defaults

    def plan(self, run: Run) -> Plan:
        """Combine a run with the target's defaults, the spec of its model, and the place.

        Raises:
            Problem: unknown model or version, or no recipe for the run's customization.
        """
        spec = self.spec_of(run)
        complete = with_defaults(run, self._defaults())
        return Plan(complete, spec, self._place(spec, complete.instance.type), sandbox=self._target.sandbox)

    def spec_of(self, run: Run) -> ModelSpec:
        """Return the spec of a run's model; for a customization with the hyperparameters of its recipe.

        Raises:
            Problem: unknown model or version, or no recipe for the run's customization.
        """
        spec = self._catalog.spec(run.model.id, run.model.version)
        return self._catalog.customized_spec(spec, run.customization) if run.customization else spec

    def first_run(
        self, model_id: str, version: str = "*", name: str = "", wanted: Customization | None = None
    ) -> tuple[Run, ModelSpec]:
        """Return a run with defaults for a model: by its script, or by a recipe if it has no script or one is wanted.

        Raises:
            Problem: unknown model, one without script and recipes, or without the wanted recipe.
        """
        spec = self._catalog.spec(model_id, version)
        defaults = self._open_defaults()
        if wanted is not None or not spec.training_supported:
            return first_customization_run(self._catalog, self._target.region, spec, defaults, wanted, name)
        return first_run(spec, defaults, self._market.applied(spec), time.time(), name), spec

    def somewhere(self) -> Place:
        """Return the target's region, for requests that involve no training image."""
        return Place(self._target.region, self._account.content.buckets)

    def _place(self, spec: ModelSpec, instance_type: str) -> Place:
        """Return the target's region, and the training image if the spec names none."""
        from jsft_tui.aws.client import sagemaker_sdk as sdk

        region, buckets = self._target.region, self._account.content.buckets
        if spec.variants.variants or spec.training_ecr is None:
            return Place(region, buckets)
        return Place(region, buckets, sdk.training_image(spec.training_ecr, instance_type, region))

    def _open_defaults(self) -> Defaults:
        """Return the defaults, with SageMaker's own bucket where they name no output."""
        defaults = self._defaults()
        return defaults if defaults.output else defaults.over(Defaults(output=self._default_bucket()))

    def _default_bucket(self) -> str | None:
        """Return SageMaker's own default bucket (SDK, `Session.default_bucket`), whether it exists or not."""
        try:
            return f"s3://sagemaker-{self._target.region}-{self._account.iam.identity().account}"
        except Problem:
            return None  # without it the run file has no output, and says so
