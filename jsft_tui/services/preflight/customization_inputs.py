"""Fetch what the checks of customizations require. Never writes anything."""

from __future__ import annotations

from jsft_tui.aws.account import Account
from jsft_tui.core.customization.model_packages import GroupFacts, PackageFacts
from jsft_tui.core.customization.reward.evaluators import EvaluatorFacts
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.preflight.checks.customization.cost import SkuFacts
from jsft_tui.core.preflight.checks.customization.reward import EVALUATOR_ARN
from jsft_tui.core.preflight.checks.customization.source import PART
from jsft_tui.core.request.customization import group_name


class CustomizationInputs:
    """Asks one account; None where a plan gives no reason to ask."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def group(self, plan: Plan) -> GroupFacts | None:
        """Describe the model package group."""
        wanted = plan.run.customization
        name = group_name(wanted) if wanted else ""
        return self._account.model_packages.group(name) if name else None

    def source(self, plan: Plan) -> PackageFacts | None:
        """Describe the model to continue from."""
        wanted = plan.run.customization
        arn = wanted.source_model_package if wanted else ""
        return self._account.model_packages.package(arn) if PART in arn else None

    def evaluator(self, plan: Plan) -> EvaluatorFacts | None:
        """Read the evaluator."""
        wanted = plan.run.customization
        arn = wanted.evaluator if wanted else ""
        return self._account.hubs.evaluator(arn) if EVALUATOR_ARN.fullmatch(arn) else None

    def functions(self, plan: Plan) -> list[str]:
        """Return the Lambda functions that the role must be able to invoke."""
        found = self.evaluator(plan)
        return [found.function] if found is not None and found.function.startswith("arn:") else []

    def sku(self, plan: Plan) -> SkuFacts | None:
        """Read the price of the recipe's usage type."""
        region = plan.place.region
        usage_type = plan.spec.recipe.sku_in(region) if plan.spec.recipe else ""
        return SkuFacts(self._account.price_list.sku_price(usage_type, region)) if usage_type else None
