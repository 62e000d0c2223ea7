"""What a customization can use in an account: model package groups, registered models, MLflow apps, judges.

Each list needs a permission of its own; without it, the user types the name or ARN. Nothing is created unless it is
asked for.
"""

from __future__ import annotations

from jsft_tui.aws.account import Account
from jsft_tui.core.account.read_only import writing_refused
from jsft_tui.core.account.resources import Resource
from jsft_tui.core.catalog.spec.recipe import Recipe
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.customization.model_packages import GROUP_NAME
from jsft_tui.core.customization.reward.judges import judges_in
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.customization.job_cost import JobCosts


class CustomizationResources:
    """The lists of one target. Every method raises Problem when access is denied or the request fails."""

    def __init__(self, account: Account, catalog: Catalog) -> None:
        self._account = account
        self.costs = JobCosts(account, catalog)
        """What customization jobs have cost."""

    def groups(self) -> list[Resource]:
        """Return the model package groups: ARN, name, description; the newest first."""
        return self._account.model_packages.groups()

    def packages(self, group: str) -> list[Resource]:
        """Return the registered models of a group: ARN, name, status; the newest first.

        Raises:
            Problem: there is no such group (`NoSuchGroup`), and others.
        """
        if not GROUP_NAME.fullmatch(group) and not group.startswith("arn:"):  # AWS would answer with the grammar
            region = self._account.target.region
            remedy = Remedy("List the groups", RemedyCommand.SHELL, "jsft groups")
            raise Problem("NoSuchGroup", f"there is no model package group {group!r} in {region}.", remedy)
        return self._account.model_packages.packages(group)

    def mlflow_apps(self) -> list[Resource]:
        """Return the MLflow apps: ARN, name, status; none is created."""
        return self._account.mlflow.apps()

    def mlflow_link(self, app: str) -> str:
        """Return a signed address of an MLflow app, which can be opened for five minutes.

        Raises:
            Problem: the session is read-only (`ReadOnly`), or AWS refuses.
        """
        if refused := writing_refused(self._account.target, "no link is signed"):
            raise refused
        return self._account.mlflow.link(app)

    def evaluators(self) -> list[Resource]:
        """Return the evaluators of the account: ARN, name, what they are; the newest first."""
        return self._account.hubs.evaluators(self._account.iam.identity().account)

    def judges(self) -> list[Resource]:
        """Return the models that may judge answers in the region."""
        return [Resource(model, model) for model in judges_in(self._account.target.region)]

    def price(self, recipe: Recipe) -> SkuPrice | None:
        """Return the serverless price of a recipe; None where it is not offered, or the price list has none."""
        region = self._account.target.region
        sku = recipe.sku_in(region)
        return self._account.price_list.sku_price(sku, region) if sku else None

    def create_group(self, name: str) -> str:
        """Create a model package group, which the user has confirmed, and return its ARN.

        Raises:
            Problem: the session is read-only (`ReadOnly`), the name is invalid (`BadName`), or AWS refuses.
        """
        if refused := writing_refused(self._account.target, "no model package group is created"):
            raise refused
        if not GROUP_NAME.fullmatch(name):
            why = f"{name!r} is not a valid name of a model package group."
            raise usage("BadName", why, "Use 1 to 63 letters, digits and hyphens.")
        return self._account.model_packages.create_group(name)
