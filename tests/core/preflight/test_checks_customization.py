"""The checks of customizations: each trap of a recipe is found before it costs anything."""

from __future__ import annotations

from typing import Any

import pytest

from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.customization.model_packages import GroupFacts, PackageFacts
from jsft_tui.core.customization.reward.evaluators import EvaluatorFacts
from jsft_tui.core.datasets.customization.count import RecordCount
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.preflight.base.customization_access import customization_access
from jsft_tui.core.preflight.checks import checks_for
from jsft_tui.core.preflight.checks.customization.cost import SkuFacts
from jsft_tui.core.request.place import Place
from jsft_tui.core.request.rerun.fix import apply_fix
from jsft_tui.core.run.run import InstanceChoice
from jsft_tui.core.sizing.suggest import Market
from tests.common.shared_data import PLACE
from tests.core.customization.specs import (
    EVALUATOR,
    GROUP,
    RECIPES,
    customization_run,
    customized,
    recipe_model,
)
from tests.core.preflight.examples import DENIED, assert_says, findings, inputs, level, plan

PACKAGE = "arn:aws:sagemaker:us-west-2:123456789012:model-package/my-models/3"
BATCHES = {"global_batch_size": {"type": "integer", "default": 128, "enum": [64, 128, 256]}}


def planned(
    technique: Technique = Technique.SFT,
    *,
    region: str = "us-west-2",
    spec: Any = None,
    choices: Any = None,
    **run: Any,
) -> Plan:
    adapter = (choices or {}).get("adapter", Adapter.LORA)
    place = Place(region, PLACE.buckets)
    return Plan(customization_run(technique, choices=choices, **run), spec or customized(technique, adapter), place)


def records(number: int, *, read: int = 100, total: int = 100) -> Any:
    return inputs(records={"train": RecordCount(number, number * 40, read, total)})


def test_a_customization_passes_all_its_checks_and_no_check_of_instances_is_made() -> None:
    run = planned(choices={"mlflow_app": "arn:aws:sagemaker:us-west-2:123456789012:mlflow-app/app-1"})
    names = [check.name for check in checks_for(run)]
    assert {"quota", "instance", "volume", "spot", "cost", "image", "weights"}.isdisjoint(names)
    known = inputs(data={"train": inputs_of("data")}, lint={"train": inputs_of("lint")})
    bad = {Level.BLOCK, Level.WARN}
    assert [f for check in checks_for(run) for f in check.run(run, known) if f.level in bad] == []


def inputs_of(name: str) -> Any:
    """The good value of the training channel."""
    from tests.core.preflight.examples import GOOD

    return GOOD[name]["training"]


def test_classical_runs_have_none_of_these_checks() -> None:
    assert {"recipe", "records", "package_group"}.isdisjoint(check.name for check in checks_for(plan()))


# -- the recipe


@pytest.mark.parametrize("region", ["eu-west-1", "eu-west-3", "sa-east-1"])
def test_a_region_without_the_serverless_sku_blocks_and_names_one_that_has_it(region: str) -> None:
    assert_says("recipe", Level.BLOCK, "us-west-2", planned=planned(region=region))


def test_a_subscription_is_a_warning() -> None:
    paid = [{**entry, "is_subscription_model": True} for entry in RECIPES]
    assert level("recipe", planned(spec=customized(recipe_collection=paid))) is Level.WARN


def test_a_model_with_recipes_only_is_not_called_untrainable() -> None:
    run = Plan(customization_run(customization=None, instance=InstanceChoice("ml.g5.2xlarge")), recipe_model(), PLACE)
    assert_says("model_state", Level.BLOCK, "recipes", "technique", planned=run)
    assert [check.name for check in checks_for(run) if check.name in ("image", "quota", "instance")] == []


# -- the group


def test_a_missing_group_blocks_with_a_fix_that_creates_it() -> None:
    found = findings("package_group", planned(), inputs(**{"model package group": GroupFacts(False)}))
    (finding,) = [each for each in found if each.level is Level.BLOCK]
    assert finding.fix is not None
    assert (finding.fix.kind, finding.fix.name, finding.fix.kind.changes_account) == (
        FixKind.CREATE_GROUP,
        GROUP,
        True,
    )


@pytest.mark.parametrize(
    "group",
    ["", "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/my-models"],
    ids=["none", "another region"],
)
def test_a_group_that_cannot_be_used_blocks(group: str) -> None:
    assert level("package_group", planned(choices={"model_package_group": group})) is Level.BLOCK


def test_a_group_that_may_not_be_described_is_unknown() -> None:
    assert level("package_group", planned(), inputs(**{"model package group": DENIED})) is Level.UNKNOWN


# -- records


@pytest.mark.parametrize(("number", "expected"), [(142, Level.BLOCK), (143, Level.PASS), (100, Level.BLOCK)], ids=str)
def test_records_after_the_split_fill_a_batch_of_128(number: int, expected: Level) -> None:
    spec = customized_with(BATCHES)
    assert level("records", planned(spec=spec), records(number)) is expected


def customized_with(parameters: dict[str, Any]) -> Any:
    from dataclasses import replace

    from jsft_tui.core.customization.recipes.parameters import parse_parameters
    from tests.core.customization.specs import PARAMETERS

    declared = parse_parameters({**PARAMETERS, **parameters}, Technique.SFT)
    return replace(customized(), hyperparameters=declared)


def test_validation_data_of_its_own_leaves_all_records_for_training() -> None:
    run = planned(spec=customized_with(BATCHES), data={"training": "s3://a/t", "validation": "s3://a/v"})
    assert level("records", run, records(128)) is Level.PASS


def test_the_largest_batch_that_could_be_filled_is_named() -> None:
    assert_says(
        "records", Level.BLOCK, "global_batch_size: 64", planned=planned(spec=customized_with(BATCHES)),
        known=records(100),
    )  # fmt: skip


def test_a_smaller_batch_of_the_list_is_the_fix() -> None:
    run = planned(spec=customized_with(BATCHES))
    (finding,) = [each for each in findings("records", run, records(100)) if each.fix]
    assert finding.fix is not None
    fixed = apply_fix(finding.fix, run.run, run.spec, Market())
    assert fixed is not None
    assert fixed.run.hyperparameters == {"global_batch_size": "64"}
    assert apply_fix(finding.fix, fixed.run, run.spec, Market()) is None


def test_a_sample_does_not_block() -> None:
    run = planned(spec=customized_with(BATCHES))
    assert level("records", run, records(50, read=50, total=100)) is Level.UNKNOWN
    assert level("records", run, records(50, read=10, total=100)) is Level.PASS


# -- rewards


def test_rlvr_needs_a_reward() -> None:
    assert level("reward", planned(Technique.RLVR)) is Level.BLOCK
    assert level("reward", planned(Technique.RLVR, hyperparameters={"preset_reward_function": "gsm8k"})) is Level.PASS
    assert level("reward", planned(Technique.RLVR, choices={"evaluator": EVALUATOR})) is Level.PASS


@pytest.mark.parametrize(
    ("evaluator", "facts", "expected"),
    [
        ("arn:aws:lambda:us-west-2:123456789012:function:reward", EvaluatorFacts(True, "f"), Level.BLOCK),
        (EVALUATOR, EvaluatorFacts(False), Level.BLOCK),
        (EVALUATOR, EvaluatorFacts(True), Level.WARN),
    ],
    ids=["no evaluator's ARN", "absent", "without a function"],
)
def test_an_evaluator_must_be_one(evaluator: str, facts: EvaluatorFacts, expected: Level) -> None:
    run = planned(Technique.RLVR, choices={"evaluator": evaluator})
    assert level("reward", run, inputs(evaluator=facts)) is expected


def test_a_judge_must_judge_in_the_region() -> None:
    def judged(model: str, region: str) -> Level:
        return level("reward", planned(Technique.RLAIF, region=region, choices={"judge_model": model}))

    assert judged("openai.gpt-oss-20b-1:0", "eu-west-1") is Level.PASS
    assert judged("qwen.qwen3-235b-a22b-2507-v1:0", "eu-west-1") is Level.BLOCK
    assert judged("a.new-model", "us-west-2") is Level.WARN


# -- continuing, MLflow


@pytest.mark.parametrize(
    ("choices", "facts", "expected"),
    [
        ({}, PackageFacts(True), Level.PASS),
        ({"source_model_package": "my-models/3"}, PackageFacts(True), Level.BLOCK),
        ({"source_model_package": PACKAGE}, PackageFacts(False), Level.BLOCK),
        ({"source_model_package": PACKAGE}, PackageFacts(True, base_model="another"), Level.BLOCK),
        ({"source_model_package": PACKAGE, "adapter": Adapter.FULL}, PackageFacts(True), Level.BLOCK),
    ],
    ids=["base model", "no ARN", "absent", "of another model", "full"],
)
def test_a_source_must_be_continuable(choices: dict[str, Any], facts: PackageFacts, expected: Level) -> None:
    assert level("source_model", planned(choices=choices), inputs(**{"source model package": facts})) is expected


@pytest.mark.parametrize(
    "app", ["app-1", "arn:aws:sagemaker:eu-west-1:123456789012:mlflow-app/app-1"], ids=["no ARN", "another region"]
)
def test_an_mlflow_app_that_the_service_would_refuse_blocks(app: str) -> None:
    assert level("mlflow", planned(choices={"mlflow_app": app})) is Level.BLOCK


# -- cost


@pytest.mark.parametrize(
    ("price", "cap", "expected"),
    [
        (None, None, Level.UNKNOWN),
        (SkuPrice(0.002, "1K tokens"), None, Level.PASS),
        (SkuPrice(0.002, "1K tokens"), 0.01, Level.BLOCK),
        (SkuPrice(20, "Hrs"), 100.0, Level.BLOCK),
        (SkuPrice(20, "Hrs"), None, Level.PASS),
        (SkuPrice(20, "Requests"), None, Level.UNKNOWN),
    ],
    ids=["no price", "tokens", "over the cap", "hours over the cap", "hours", "another unit"],
)
def test_the_cost_is_estimated_or_unknown(price: SkuPrice | None, cap: float | None, expected: Level) -> None:
    known = inputs(**{"serverless price": SkuFacts(price)})
    assert level("serverless_cost", planned(max_cost_usd=cap), known) is expected


def test_the_estimate_is_tokens_times_epochs_times_price() -> None:
    # 40,000 characters are 10,000 tokens, nine tenths of which are trained on, five times, at 2 USD a million.
    assert_says("serverless_cost", Level.PASS, "9,000 tokens", "5 epochs", "$0.09", planned=planned())


@pytest.mark.parametrize(
    ("unit", "tokens"),
    [("Tokens", 1), ("1K tokens", 1e3), ("1,000 Tokens", 1e3), ("1M tokens", 1e6), ("million tokens", 1e6)],
    ids=str,
)
def test_units_of_tokens_are_understood(unit: str, tokens: float) -> None:
    assert SkuPrice(2.0, unit).usd_per_token == pytest.approx(2.0 / tokens)
    assert SkuPrice(2.0, unit).usd_per_hour is None


# -- license, data, rights


def test_a_license_must_be_accepted_unless_a_customized_model_is_continued() -> None:
    gated = customized(gated_bucket=True)
    assert level("eula", planned(spec=gated)) is Level.BLOCK
    assert level("eula", planned(spec=gated, accept_eula=True)) is Level.PASS
    assert level("eula", planned(spec=gated, choices={"source_model_package": PACKAGE})) is Level.PASS


def test_data_is_required_and_its_channel_is_named_training() -> None:
    assert level("data", planned(data={})) is Level.BLOCK
    assert level("data", planned(data={"validation": "s3://my-data/v.jsonl"})) is Level.BLOCK


def test_the_role_needs_hub_registry_mlflow_and_function() -> None:
    app = "arn:aws:sagemaker:us-west-2:123456789012:mlflow-app/app-1"
    run = planned(Technique.RLVR, choices={"mlflow_app": app, "evaluator": EVALUATOR})
    needed = {
        action for access in customization_access(run, ["arn:aws:lambda:r:a:function:f"]) for action in access.actions
    }
    assert {
        "sagemaker:DescribeHubContent",
        "sagemaker:CreateModelPackage",
        "lambda:InvokeFunction",
        "sagemaker-mlflow:LogMetric",
    } <= needed
    assert customization_access(plan()) == []


def test_a_value_off_the_enumeration_blocks() -> None:
    run = planned(hyperparameters={"global_batch_size": "12"})
    assert_says("hyperparameters", Level.BLOCK, "global_batch_size", planned=run)
