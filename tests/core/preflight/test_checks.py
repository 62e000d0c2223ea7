"""The preflight checks together: order, missing permissions, and the requests that were recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.account.quotas import QuotaFacts
from jsft_tui.core.catalog.job_tags import MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.customization.method import Method
from jsft_tui.core.preflight.base.check import Check, CheckResult, Finding, Plan, block
from jsft_tui.core.preflight.base.inputs import Inputs, Unavailable
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.checks import checks, checks_for, position_of, requirements
from jsft_tui.core.preflight.checks.account.credentials import IDENTITY
from jsft_tui.core.preflight.checks.account.role import ROLE
from jsft_tui.core.request.parse import run_from_request, tags_of
from jsft_tui.core.run.run import KmsKeys, ModelChoice, Vpc
from jsft_tui.core.run.tuning import Direction, Objective, Scale, Span, Tuning, WarmStart
from jsft_tui.core.sizing.pricing import Price
from tests.common.dropped_modules import DropModule
from tests.common.shared_data import PLACE, golden_files, needs_shared_data, spec
from tests.core.catalog.specs import model_spec
from tests.core.customization.specs import EVALUATOR, customization_run, customized
from tests.core.preflight.examples import DENIED, KEY, chosen, former_search, inputs, plan

# -- all of them


def full_plan() -> Plan:
    """A plan that names everything that a run can name, so that every check has something to ask."""
    made = plan(
        model=model_spec(incremental_training_supported=True),
        instance=chosen("ml.m5.xlarge"),
        vpc=Vpc(("subnet-1",), ("sg-1",)),
        kms=KmsKeys(KEY, KEY),
        checkpoint="s3://my-output/checkpoints/",
    )
    former = ModelChoice("tensorflow-ic-lite", artifact="s3://my-models/former/output/model.tar.gz")
    return replace(made, run=replace(made.run, model=former))


SEARCH = Tuning(
    {"learning_rate": Span("1e-05", "0.01", Scale.LOG)},
    Objective("accuracy", Direction.MAXIMIZE, "acc: (.*)"),
    warm_start=WarmStart(("former",)),
)


def plan_of(check: Check) -> Plan:
    """A plan that names everything, of a way of training that a check is about."""
    if check.for_searches:
        return replace(full_plan(), run=replace(full_plan().run, tuning=SEARCH))
    if Method.SCRIPT in check.methods:
        return full_plan()
    choices = {
        "evaluator": EVALUATOR,
        "source_model_package": "arn:aws:sagemaker:us-west-2:123456789012:model-package/my-models/3",
        "mlflow_app": "arn:aws:sagemaker:us-west-2:123456789012:mlflow-app/app-1",
    }
    return Plan(customization_run(Technique.RLVR, choices=choices), customized(Technique.RLVR), PLACE)


def test_the_checks_are_in_their_order() -> None:
    names = [check.name for check in checks()]
    assert " ".join(names) == (
        "credentials permissions role role_access data data_region data_format records data_size output_region "
        "instance recipe availability image weights quota hyperparameters reward name package_group mlflow eula "
        "volume kms vpc spot cost serverless_cost model_state source_model limits sandbox "
        "ranges objective search_limits warm_start likely_cost"
    )
    assert [position_of(name) for name in names] == list(range(len(names)))
    assert position_of("one of the future") == len(names)


def test_a_search_has_checks_of_its_own() -> None:
    single = checks_for(plan())
    search = checks_for(replace(plan(), run=replace(plan().run, tuning=Tuning())))
    assert [check.name for check in search if check not in single] == [
        "ranges",
        "objective",
        "search_limits",
        "warm_start",
        "likely_cost",
    ]


def test_no_two_checks_share_a_place_and_no_two_requirements_a_name() -> None:
    assert len({check.order for check in checks()}) == len(checks())
    assert len({requirement.name for requirement in requirements()}) == len(requirements())


def test_a_module_in_the_folder_is_a_check(drop_module: DropModule) -> None:
    drop_module(
        "jsft_tui.core.preflight.checks.job",
        "dropped",
        """
        from jsft_tui.core.preflight.base.subject import Subject
        from jsft_tui.core.preflight.base.check import Check, passed
        from jsft_tui.core.preflight.base.inputs import Requirement

        WEATHER = Requirement[str]("weather")
        CHECK = Check(
            "weather", Subject.DATA, 15, lambda plan, inputs: [passed(f"it is {inputs[WEATHER]}.")], (WEATHER,)
        )
        """,
        checks,
    )
    names = [check.name for check in checks()]
    assert names[:3] == ["credentials", "weather", "permissions"]
    weather = next(found for found in requirements() if found.name == "weather")
    found = checks()[1].run(plan(), Inputs({weather: "fine"}))
    assert found == [Finding("weather", Level.PASS, "it is fine.")]


def test_a_good_plan_passes_every_check() -> None:
    for check in checks_for(plan()):
        found = check.run(plan(), inputs())
        assert {finding.level for finding in found} == {Level.PASS}, found
        assert {finding.check for finding in found} == {check.name}


def test_a_plan_that_names_everything_passes_every_check() -> None:
    known = inputs(
        quota=QuotaFacts("ml.m5.xlarge", 4.0, 0),
        prices={"ml.m5.xlarge": Price(0.23, "a test")},
        parents={"former": former_search(replace(full_plan(), run=replace(full_plan().run, tuning=SEARCH)))},
    )
    for check in checks():
        found = check.run(plan_of(check), known)
        assert {finding.level for finding in found} == {Level.PASS}, found


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.name)
@pytest.mark.parametrize("code", ["AccessDenied", "Timeout", "NoConnection", "Throttled"])
def test_no_answer_of_any_kind_makes_a_check_unknown_and_never_blocks(check: Check, code: str) -> None:
    problem = Problem(code, "could not look: nobody answers.", "Do something.")
    found = check.run(plan_of(check), Inputs(dict.fromkeys(requirements(), problem)))
    assert {finding.level for finding in found} - {Level.PASS} == ({Level.UNKNOWN} if check.requires else set())
    for finding in found:
        if finding.level is Level.UNKNOWN:
            assert problem.message in finding.message
            assert finding.remedy == problem.remedy


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.name)
def test_a_fact_that_was_not_asked_for_makes_a_check_unknown(check: Check) -> None:
    assert verdict(finding.level for finding in check.run(plan_of(check), Inputs())) is Level.PASS


def test_what_a_check_found_before_a_fact_failed_it_is_kept() -> None:
    def evaluate(_plan: Plan, known: Inputs) -> Any:
        yield block("this is wrong.")
        yield CheckResult(Level.PASS, known[IDENTITY].account)

    found = Check("test", Subject.DATA, 1, evaluate).run(plan(), Inputs({IDENTITY: DENIED}))
    assert [finding.level for finding in found] == [Level.BLOCK, Level.UNKNOWN]


def test_a_problem_that_a_check_raises_blocks_with_its_remedy() -> None:
    def evaluate(_plan: Plan, _known: Inputs) -> Any:
        yield from ()
        raise Problem("Bad", "this cannot be.", "Do that.")

    assert Check("test", Subject.DATA, 1, evaluate).run(plan(), inputs()) == [
        Finding("test", Level.BLOCK, "this cannot be.", "Do that.")
    ]


def test_a_check_with_nothing_to_say_passes() -> None:
    found = Check("test", Subject.DATA, 1, lambda _plan, _known: ()).run(plan(), inputs())
    assert found == [Finding("test", Level.PASS, "no issues found.")]


def test_an_answer_that_is_a_problem_is_raised_as_unanswered() -> None:
    with pytest.raises(Unavailable):
        inputs(role=DENIED)[ROLE]
    assert inputs(role=DENIED).problem(ROLE) is DENIED
    assert inputs().problem(ROLE) is None


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([], Level.PASS),
        ([Level.PASS, Level.UNKNOWN], Level.PASS),
        ([Level.UNKNOWN, Level.WARN], Level.WARN),
        ([Level.WARN, Level.BLOCK, Level.PASS], Level.BLOCK),
    ],
)
def test_levels_add_up_to_the_worst_and_unknown_does_not_count(levels: list[Level], expected: Level) -> None:
    assert verdict(levels) is expected


# -- the real requests


def offline(planned: Plan) -> list[Finding]:
    return [finding for check in checks() for finding in check.run(planned, Inputs())]


@needs_shared_data
@pytest.mark.parametrize("path", [p for p in golden_files() if "hpo" not in p.stem], ids=lambda path: path.stem)
def test_a_recorded_request_is_blocked_only_when_it_is_a_bad_one(path: Path) -> None:
    request = json.loads(path.read_text())
    tags = tags_of(request)
    model = spec(tags[MODEL_ID_TAG], tags[MODEL_VERSION_TAG])
    planned = Plan(run_from_request(request, model, PLACE.buckets), model, PLACE)
    blocking = {finding.check for finding in offline(planned) if finding.level is Level.BLOCK}
    bad = {"badhp": {"hyperparameters"}, "badinstance": {"instance"}, "llama31_70b_noeula": {"eula"}}
    assert blocking == bad.get(path.stem.removeprefix("v2_"), set())
