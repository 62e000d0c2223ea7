"""The preflight checks, over facts that are made up: what passes, warns, blocks, and what cannot be told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.checks import ORDER, checks, place_of
from jsft_tui.core.checks.check import (
    BucketFacts,
    Check,
    DataFacts,
    Facts,
    Finding,
    Identity,
    Judgement,
    NameFacts,
    Need,
    Plan,
    QuotaFacts,
    RoleFacts,
    Unanswered,
    stop,
)
from jsft_tui.core.clone import run_from_request, tags_of
from jsft_tui.core.datasets.reader import LintReport, block, passed, warn
from jsft_tui.core.errors import Problem
from jsft_tui.core.findings import Level, verdict
from jsft_tui.core.money import Price
from jsft_tui.core.request import MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.run import AUTO, SCALED, InstanceChoice, KmsKeys, ModelChoice, Vpc
from tests.core.specs import hyperparameter, model_spec, training_run
from tests.shared_data import PLACE, REGION, golden_files, needs_shared_data, spec

DENIED = Problem("AccessDenied", "could not look: not authorized.", "Ask for the permission.")
URI = "s3://my-data/flowers/"
HERE = BucketFacts(True, REGION)
ELSEWHERE = BucketFacts(True, "eu-west-1")


def facts(**changes: Any) -> Facts:
    """Facts with which everything is well, with some needs (by name) answered otherwise."""
    answers: dict[Need, Any] = {
        Need.IDENTITY: Identity("123456789012", "arn:aws:iam::123456789012:user/ana"),
        Need.ROLE: RoleFacts(True, True),
        Need.DATA: {"training": DataFacts(URI, HERE, True)},
        Need.LINT: {"training": LintReport((passed("", "2 classes, 24 images."),), 24, 1000, False)},
        Need.OUTPUT: HERE,
        Need.QUOTA: QuotaFacts("ml.g5.2xlarge for training job usage", 1.0, 0),
        Need.PRICES: {"ml.g5.2xlarge": Price(1.5, "a test", "2026-11-23")},
        Need.NAME: NameFacts(False),
    }
    return Facts({**answers, **{Need(name): answer for name, answer in changes.items()}})


def plan(*, sandbox: bool = False, model: Any = None, **run: Any) -> Plan:
    return Plan(training_run(**run), model or model_spec(), PLACE, sandbox)


def findings(name: str, planned: Plan, known: Facts | None = None) -> list[Finding]:
    check = next(check for check in checks() if check.name == name)
    return check.run(planned, known if known is not None else facts())


def level(name: str, planned: Plan, known: Facts | None = None) -> Level:
    """What a check's findings add up to; unknown when that is all there is."""
    found = [finding.level for finding in findings(name, planned, known)]
    return Level.UNKNOWN if set(found) == {Level.UNKNOWN} else verdict(found)


def assert_says(name: str, expected: Level, *parts: str, planned: Plan, known: Facts | None = None) -> None:
    found = findings(name, planned, known)
    assert level(name, planned, known) is expected, found
    texts = [f"{finding.message} {finding.remedy}" for finding in found if finding.level is expected]
    assert any(all(part in text for part in parts) for text in texts), texts


def chosen(type_: str = "ml.g5.2xlarge", **fields: Any) -> InstanceChoice:
    return InstanceChoice(type_, **fields)


# -- all of them


def test_every_check_of_the_product_is_there_in_its_order() -> None:
    assert [check.name for check in checks()] == list(ORDER)
    assert place_of("credentials") == 0
    assert place_of("one of the future") == len(ORDER)


def test_a_good_plan_passes_every_check() -> None:
    for check in checks():
        found = check.run(plan(), facts())
        assert {finding.level for finding in found} == {Level.PASS}, found
        assert {finding.check for finding in found} == {check.name}


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.name)
def test_a_missing_permission_makes_a_check_unknown_and_never_blocks(check: Check) -> None:
    denied = Facts(dict.fromkeys(Need, DENIED))
    found = check.run(plan(), denied)
    levels = {finding.level for finding in found}
    assert levels == ({Level.UNKNOWN} if check.needs else {Level.PASS})
    if check.needs:
        assert all(DENIED.message in finding.message and finding.remedy == DENIED.remedy for finding in found)


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.name)
@pytest.mark.parametrize("code", ["Timeout", "NoConnection", "Throttled", "AccessDenied", "NotAsked"])
def test_no_answer_of_any_kind_blocks(check: Check, code: str) -> None:
    silent = Facts(dict.fromkeys(Need, Problem(code, "no answer.")))
    assert verdict(finding.level for finding in check.run(plan(), silent)) is Level.PASS


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.name)
def test_a_fact_that_was_not_asked_for_makes_a_check_unknown(check: Check) -> None:
    assert verdict(finding.level for finding in check.run(plan(), Facts())) is Level.PASS


def test_what_a_check_found_before_a_fact_failed_it_is_kept() -> None:
    def judge(_plan: Plan, known: Facts) -> Any:
        yield stop("this is wrong.")
        yield Judgement(Level.PASS, known.identity.account)

    found = Check("test", judge).run(plan(), Facts({Need.IDENTITY: DENIED}))
    assert [finding.level for finding in found] == [Level.BLOCK, Level.UNKNOWN]


def test_a_problem_that_a_check_raises_blocks_with_its_remedy() -> None:
    def judge(_plan: Plan, _known: Facts) -> Any:
        yield from ()
        raise Problem("Bad", "this cannot be.", "Do that.")

    assert Check("test", judge).run(plan(), facts()) == [Finding("test", Level.BLOCK, "this cannot be.", "Do that.")]


def test_a_check_with_nothing_to_say_passes() -> None:
    assert Check("test", lambda _plan, _known: ()).run(plan(), facts()) == [Finding("test", Level.PASS, "")]


def test_an_answer_that_is_a_problem_is_raised_as_unanswered() -> None:
    with pytest.raises(Unanswered):
        facts(role=DENIED).role  # noqa: B018
    assert facts(role=DENIED).problem(Need.ROLE) is DENIED
    assert facts().problem(Need.ROLE) is None


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
    return [finding for check in checks() if not check.needs for finding in check.run(planned, Facts())]


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


# -- credentials


@pytest.mark.parametrize("code", ["NoCredentials", "ExpiredToken", "InvalidCredentials"])
def test_credentials_that_nothing_can_be_called_with_block(code: str) -> None:
    known = facts(identity=Problem(code, "signed out.", "Sign in again."))
    assert_says("credentials", Level.BLOCK, "signed out.", "Sign in again.", planned=plan(), known=known)


def test_credentials_name_account_and_region() -> None:
    assert_says("credentials", Level.PASS, "123456789012", "user/ana", REGION, planned=plan())


# -- role


def test_no_role_blocks() -> None:
    assert_says("role", Level.BLOCK, "no execution role", "role: arn:aws:iam", planned=plan(role=None))


@pytest.mark.parametrize("arn", ["Train", "arn:aws:iam::123456789012:user/Ana", "arn:aws:iam::1234:role/Train", "arn:"])
def test_what_is_no_arn_of_a_role_blocks_even_when_nothing_can_be_asked(arn: str) -> None:
    assert_says("role", Level.BLOCK, repr(arn), planned=plan(role=arn), known=Facts())


@pytest.mark.parametrize(
    "arn", ["arn:aws:iam::123456789012:role/service-role/Train", "arn:aws-cn:iam::123456789012:role/a+b=c,d.e@f-g_h"]
)
def test_roles_with_a_path_or_of_another_partition_pass(arn: str) -> None:
    assert level("role", plan(role=arn)) is Level.PASS


def test_a_role_that_does_not_exist_blocks() -> None:
    assert_says("role", Level.BLOCK, "there is no role", planned=plan(), known=facts(role=RoleFacts(False)))


def test_a_role_that_does_not_trust_sagemaker_blocks() -> None:
    known = facts(role=RoleFacts(True, False))
    assert_says("role", Level.BLOCK, "does not trust SageMaker", "sts:AssumeRole", planned=plan(), known=known)


def test_a_role_whose_trust_was_not_told_is_unknown() -> None:
    assert level("role", plan(), facts(role=RoleFacts(True, None))) is Level.UNKNOWN


# -- data


def test_data_that_is_there_passes() -> None:
    assert_says("data", Level.PASS, f"training: {URI}", planned=plan())


@pytest.mark.parametrize("uri", ["my-data/flowers/", "https://my-data.s3.amazonaws.com/flowers/", "s3://B/x", ""])
def test_a_place_that_cannot_be_blocks_with_its_channel(uri: str) -> None:
    assert_says("data", Level.BLOCK, "channel training:", planned=plan(data={"training": uri}))


def test_every_malformed_channel_is_reported() -> None:
    found = findings("data", plan(data={"training": "a", "validation": "b"}))
    assert [finding.message.split(":")[0] for finding in found] == ["channel training", "channel validation"]


def test_a_bucket_that_does_not_exist_blocks() -> None:
    known = facts(data={"training": DataFacts(URI, BucketFacts(False))})
    assert_says("data", Level.BLOCK, "the bucket of", "does not exist", planned=plan(), known=known)


def test_an_empty_prefix_blocks_and_says_where_to_look() -> None:
    known = facts(data={"training": DataFacts(URI, HERE, False)})
    assert_says("data", Level.BLOCK, f"nothing under {URI}", "jsft s3 ls s3://my-data/", planned=plan(), known=known)


def test_a_prefix_that_may_not_be_listed_is_unknown() -> None:
    known = facts(data={"training": DataFacts(URI, HERE, None)})
    assert_says("data", Level.UNKNOWN, "was not listed", planned=plan(), known=known)


def test_one_channel_that_is_denied_does_not_hide_another_that_is_empty() -> None:
    run = {"training": URI, "validation": "s3://my-data/val/"}
    known = facts(data={"training": DENIED, "validation": DataFacts("s3://my-data/val/", HERE, False)})
    levels = [finding.level for finding in findings("data", plan(data=run), known)]
    assert levels == [Level.UNKNOWN, Level.BLOCK]


def test_a_prefix_without_a_slash_warns() -> None:
    run = {"training": "s3://my-data/flowers"}
    known = facts(data={"training": DataFacts("s3://my-data/flowers", HERE, True)})
    assert_says(
        "data", Level.WARN, "no slash at its end", "Write s3://my-data/flowers/", planned=plan(data=run), known=known
    )


@pytest.mark.parametrize("uri", ["s3://my-data/flowers/data.csv", "s3://my-data", "s3://my-data/"])
def test_a_file_or_a_whole_bucket_needs_no_slash(uri: str) -> None:
    known = facts(data={"training": DataFacts(uri, HERE, True)})
    assert level("data", plan(data={"training": uri}), known) is Level.PASS


def test_the_default_dataset_is_looked_at_in_the_content_bucket() -> None:
    uri = f"s3://jumpstart-cache-prod-{REGION}/training-datasets/flowers/"
    known = facts(data={"training": DataFacts(uri, HERE, True)})
    assert_says("data", Level.PASS, uri, planned=plan(data={}), known=known)


def test_a_model_without_a_default_dataset_blocks_only_the_data() -> None:
    without = plan(data={}, model=model_spec(default_training_dataset_key=None))
    problem = Problem("NoDefaultDataset", "there is none.")
    known = facts(data=problem, lint=problem)
    assert_says("data", Level.BLOCK, "has no default dataset", "data: {training:", planned=without, known=known)
    blocking = {
        finding.check for check in checks() for finding in check.run(without, known) if finding.level is Level.BLOCK
    }
    assert blocking == {"data"}


def text_model() -> Any:
    return model_spec("tensorflow-tc-bert", default_training_dataset_key="training-datasets/SST2/")


@pytest.mark.parametrize("chosen_values", [{}, {"epochs": "3"}, {"learning_rate": "0.0010", "batch_size": AUTO}])
def test_a_text_model_with_its_default_data_and_values_warns(chosen_values: dict[str, str]) -> None:
    unchanged = plan(data={}, model=text_model(), hyperparameters=chosen_values)
    known = facts(data={"training": DataFacts(URI, HERE, True)})
    assert_says("data", Level.WARN, "nearly the model you start from", planned=unchanged, known=known)


def test_a_text_model_with_changed_values_or_own_data_does_not_warn() -> None:
    known = facts(data={"training": DataFacts(URI, HERE, True)})
    assert level("data", plan(data={}, model=text_model(), hyperparameters={"epochs": "4"}), known) is Level.PASS
    assert level("data", plan(model=text_model()), known) is Level.PASS


def test_a_vision_model_with_its_default_data_does_not_warn() -> None:
    known = facts(data={"training": DataFacts(URI, HERE, True)})
    assert level("data", plan(data={}), known) is Level.PASS


# -- data region and output


def test_data_of_another_region_blocks_with_both_regions() -> None:
    known = facts(data={"training": DataFacts(URI, ELSEWHERE, True)})
    assert_says("data_region", Level.BLOCK, "eu-west-1", REGION, "--region eu-west-1", planned=plan(), known=known)


def test_a_region_that_was_not_told_is_unknown() -> None:
    known = facts(data={"training": DataFacts(URI, BucketFacts(True, None), True)}, output=BucketFacts(True, None))
    assert level("data_region", plan(), known) is Level.UNKNOWN
    assert level("output_region", plan(), known) is Level.UNKNOWN


def test_a_bucket_that_does_not_exist_is_a_matter_of_the_data_check_alone() -> None:
    known = facts(data={"training": DataFacts(URI, BucketFacts(False))})
    assert level("data_region", plan(), known) is not Level.BLOCK


def test_the_output_names_the_place_of_the_model() -> None:
    assert_says("output_region", Level.PASS, "s3://my-output/flowers-1/output/", planned=plan())
    assert_says("output_region", Level.PASS, "s3://my-output/a/flowers-1/", planned=plan(output="s3://my-output/a/"))


@pytest.mark.parametrize(
    "output", ["", "my-output", "https://my-output.s3.amazonaws.com/", "s3://", "s3://My_Bucket/x"]
)
def test_an_output_that_cannot_be_blocks_even_when_nothing_can_be_asked(output: str) -> None:
    assert level("output_region", plan(output=output), Facts()) is Level.BLOCK


def test_an_output_bucket_that_is_missing_or_elsewhere_blocks() -> None:
    assert_says(
        "output_region", Level.BLOCK, "my-output does not exist", planned=plan(), known=facts(output=BucketFacts(False))
    )
    assert_says("output_region", Level.BLOCK, "eu-west-1", REGION, planned=plan(), known=facts(output=ELSEWHERE))


# -- data format


def linted(*found: Any) -> Facts:
    return facts(lint={"training": LintReport(tuple(found), 3, 100, False)})


def test_what_the_linter_finds_is_passed_on_with_channel_and_place() -> None:
    known = linted(block("a/1.jpg", "is an empty file."), warn("b/", "has only 1 image."), passed("", "fine."))
    found = findings("data_format", plan(), known)
    assert [(finding.level, finding.message) for finding in found] == [
        (Level.BLOCK, "training: a/1.jpg is an empty file."),
        (Level.WARN, "training: b/ has only 1 image."),
    ]
    assert found[0].remedy == f"Look closer: jsft lint tensorflow-ic-lite {URI}"


def test_a_good_dataset_passes_with_its_numbers() -> None:
    assert_says("data_format", Level.PASS, "training: 2 classes", planned=plan())


def test_a_dataset_that_may_not_be_read_is_unknown() -> None:
    assert level("data_format", plan(), facts(lint={"training": DENIED})) is Level.UNKNOWN


# -- instance


def test_a_supported_type_passes_with_its_gpus() -> None:
    assert_says("instance", Level.PASS, "1 x ml.g5.2xlarge (1 x A10G)", planned=plan())
    assert_says("instance", Level.PASS, "no GPU", planned=plan(instance=chosen("ml.m5.xlarge")))


def test_a_type_without_an_image_blocks_with_those_that_are_supported() -> None:
    assert_says(
        "instance", Level.BLOCK, "ml.c5.xlarge", "ml.g5.12xlarge", planned=plan(instance=chosen("ml.c5.xlarge"))
    )


@pytest.mark.parametrize("type_", ["ml.z9.gigantic", "g5", "", "ml.g5.3xlarge"])
def test_a_type_that_does_not_exist_blocks(type_: str) -> None:
    assert level("instance", plan(instance=chosen(type_))) is Level.BLOCK


def test_a_type_that_is_not_listed_but_has_an_image_warns() -> None:
    assert_says("instance", Level.WARN, "does not list ml.g5.xlarge", planned=plan(instance=chosen("ml.g5.xlarge")))


def test_more_gpus_than_any_listed_type_has_block() -> None:
    assert_says("instance", Level.BLOCK, "8 GPUs", planned=plan(instance=chosen("ml.g5.48xlarge")))


def test_a_listed_type_of_the_future_warns() -> None:
    model = model_spec(supported_training_instance_types=["ml.zz9.48xlarge"])
    assert_says("instance", Level.WARN, "not known", planned=plan(model=model, instance=chosen("ml.zz9.48xlarge")))


def test_a_legacy_type_warns_and_names_newer_ones() -> None:
    assert_says("instance", Level.WARN, "legacy", "ml.g5.2xlarge", planned=plan(instance=chosen("ml.p3.2xlarge")))


def test_several_instances_of_an_algorithm_for_one_warn() -> None:
    assert_says("instance", Level.WARN, "count: 1", planned=plan(instance=chosen(count=2)))


# -- image, gated weights


def test_the_image_is_named() -> None:
    assert_says("image", Level.PASS, "tensorflow-training:2.9-gpu", planned=plan())
    assert_says("image", Level.PASS, "tensorflow-training:2.9-cpu", planned=plan(instance=chosen("ml.m5.xlarge")))


def test_no_image_for_the_family_blocks() -> None:
    assert_says(
        "image", Level.BLOCK, "no training image", "ml.c5.xlarge", planned=plan(instance=chosen("ml.c5.xlarge"))
    )


def test_no_image_in_the_region_blocks() -> None:
    there = replace(plan(), place=replace(PLACE, region="mars-north-1"))
    assert_says("image", Level.BLOCK, "mars-north-1", planned=there)


@needs_shared_data
def test_a_family_without_gated_weights_blocks_and_names_those_that_have_them() -> None:
    model = spec("meta-textgeneration-llama-2-7b")
    planned = plan(model=model, instance=chosen("ml.g6.12xlarge"), accept_eula=True)
    assert level("image", planned) is Level.BLOCK


# -- quota


def quota(limit: float | None, in_use: int = 0) -> Facts:
    return facts(quota=QuotaFacts("ml.g5.2xlarge for training job usage", limit, in_use))


def test_a_quota_of_nothing_blocks_with_its_name() -> None:
    assert_says("quota", Level.BLOCK, "'ml.g5.2xlarge for training job usage' is 0", planned=plan(), known=quota(0.0))


def test_a_quota_that_running_jobs_hold_blocks() -> None:
    assert_says("quota", Level.BLOCK, "running jobs hold 2", "jsft jobs", planned=plan(), known=quota(2.0, 2))


def test_a_quota_for_fewer_instances_blocks() -> None:
    assert_says("quota", Level.BLOCK, "needs 4", planned=plan(instance=chosen(count=4)), known=quota(3.0))
    assert level("quota", plan(instance=chosen(count=4)), quota(4.0)) is Level.PASS


def test_a_quota_that_is_not_listed_is_unknown() -> None:
    assert level("quota", plan(), quota(None)) is Level.UNKNOWN


# -- hyperparameters


def test_all_wrong_values_block_at_once() -> None:
    values = {"epochs": "-5", "learning_rate": "fast", "batch_sise": "32"}
    found = findings("hyperparameters", plan(hyperparameters=values))
    assert [finding.level for finding in found] == [Level.BLOCK] * 3
    assert "Did you mean batch_size?" in found[2].message


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_number_that_is_not_finite_blocks(value: str) -> None:
    model = model_spec(hyperparameters=[hyperparameter("learning_rate", 0.001, "float")])
    assert_says(
        "hyperparameters", Level.BLOCK, "finite", planned=plan(model=model, hyperparameters={"learning_rate": value})
    )


def test_the_scaled_batch_is_explained() -> None:
    planned = plan(instance=chosen("ml.g5.12xlarge"), hyperparameters={"batch_size": AUTO})
    assert_says("hyperparameters", Level.PASS, "batch_size 32 per GPU x 4 GPUs = 128", planned=planned)


def test_an_undocumented_batch_is_scaled_only_when_that_is_asked_for() -> None:
    model = model_spec("pytorch-ic-mobilenet", hyperparameters=[hyperparameter("batch_size", 4)])
    four = chosen("ml.g5.12xlarge")
    left = plan(model=model, instance=four, hyperparameters={"batch_size": AUTO})
    asked = plan(model=model, instance=four, hyperparameters={"batch_size": SCALED})
    assert_says("hyperparameters", Level.PASS, "batch_size 4, meaning not documented", planned=left)
    assert_says("hyperparameters", Level.PASS, "4 per GPU x 4 GPUs = 16", planned=asked)


def test_a_batch_that_does_not_divide_over_the_gpus_warns() -> None:
    planned = plan(instance=chosen("ml.g5.12xlarge"), hyperparameters={"batch_size": "30"})
    assert_says("hyperparameters", Level.WARN, "does not divide evenly over 4 GPUs", planned=planned)


def test_an_automatic_batch_on_a_type_that_is_not_known_blocks_in_words() -> None:
    model = model_spec(supported_training_instance_types=["ml.zz9.48xlarge"])
    planned = plan(model=model, instance=chosen("ml.zz9.48xlarge"), hyperparameters={"batch_size": AUTO})
    assert_says("hyperparameters", Level.BLOCK, "batch_size auto", "ml.zz9.48xlarge", "number", planned=planned)


@pytest.mark.parametrize(
    ("int8", "fsdp", "expected"),
    [
        ("True", "False", Level.PASS),
        ("False", "True", Level.PASS),
        ("True", "True", Level.BLOCK),
        ("False", "False", Level.BLOCK),
    ],
)
def test_exactly_one_of_int8_and_fsdp_must_be_chosen(int8: str, fsdp: str, expected: Level) -> None:
    declared = [
        hyperparameter(name, "False", "text", options=["True", "False"])
        for name in ("int8_quantization", "enable_fsdp")
    ]
    model = model_spec("meta-textgeneration-llama", hyperparameters=declared)
    values = {"int8_quantization": int8, "enable_fsdp": fsdp}
    assert level("hyperparameters", plan(model=model, hyperparameters=values)) is expected


def test_instructions_and_chat_together_block() -> None:
    declared = [
        hyperparameter(name, "False", "text", options=["True", "False"])
        for name in ("instruction_tuned", "chat_dataset")
    ]
    model = model_spec("meta-textgeneration-llama", hyperparameters=declared)
    both = {"instruction_tuned": "True", "chat_dataset": "True"}
    assert level("hyperparameters", plan(model=model, hyperparameters=both)) is Level.BLOCK
    assert level("hyperparameters", plan(model=model, hyperparameters={"chat_dataset": "True"})) is Level.PASS


# -- name


@pytest.mark.parametrize("name", ["a", "A1", "flowers-2026", "a" * 63, "a--b", "0-1"])
def test_a_name_of_the_services_grammar_passes(name: str) -> None:
    assert level("name", plan(name=name)) is Level.PASS


@pytest.mark.parametrize(
    "name", ["", "-a", "a-", "a_b", "a.b", "a b", "a" * 64, "é", "a" + "-" * 70 + "b", "a\n", "a/b"]
)
def test_a_name_that_the_service_would_refuse_blocks_even_when_nothing_can_be_asked(name: str) -> None:
    assert_says("name", Level.BLOCK, "no job name", planned=plan(name=name), known=Facts())


def test_a_bad_name_is_answered_with_a_good_one() -> None:
    assert_says("name", Level.BLOCK, "'my-flowers-v2'", planned=plan(name="_my flowers.v2_"))
    for name in ("a" + "-" * 70 + "b", "x" * 62 + "--y", "a_" * 60):
        suggestion = findings("name", plan(name=name))[0].remedy.split("'")[1]
        assert level("name", plan(name=suggestion)) is Level.PASS


def test_a_name_that_is_taken_blocks_with_the_status() -> None:
    known = facts(name=NameFacts(True, "InProgress"))
    assert_says("name", Level.BLOCK, "exists already (InProgress)", planned=plan(), known=known)


# -- licence


def test_a_gated_model_blocks_until_its_licence_is_accepted() -> None:
    model = model_spec(gated_bucket=True, hosting_eula_key="fmhMetadata/eula/x.txt")
    assert_says("eula", Level.BLOCK, "fmhMetadata/eula/x.txt", "accept_eula: true", planned=plan(model=model))
    assert level("eula", plan(model=model, accept_eula=True)) is Level.PASS
    assert level("eula", plan()) is Level.PASS


# -- volume


def test_a_disk_that_is_fixed_says_what_has_no_effect() -> None:
    assert_says("volume", Level.PASS, "450 GB of local NVMe", planned=plan())
    assert_says("volume", Level.WARN, "takes no volume key", planned=plan(kms=KmsKeys(volume="key")))
    assert_says("volume", Level.WARN, "no effect", planned=plan(volume_gb=1000))


def test_a_disk_that_can_be_chosen_is_named() -> None:
    cpu = chosen("ml.m5.xlarge")
    assert_says("volume", Level.PASS, "30 GB", planned=plan(instance=cpu))
    assert_says("volume", Level.PASS, "256 GB", planned=plan(instance=cpu, model=model_spec(training_volume_size=256)))
    assert_says("volume", Level.PASS, "100 GB", planned=plan(instance=cpu, volume_gb=100, kms=KmsKeys(volume="key")))
    assert_says("volume", Level.WARN, "usual quota", planned=plan(instance=cpu, volume_gb=2000))


# -- VPC


def test_without_a_vpc_there_is_nothing_to_check() -> None:
    assert level("vpc", plan()) is Level.PASS


def test_a_vpc_of_the_right_form_is_unknown_for_its_routes() -> None:
    assert level("vpc", plan(vpc=Vpc(("subnet-0abc",), ("sg-0abc",)))) is Level.UNKNOWN


@pytest.mark.parametrize(
    ("subnets", "groups", "part"),
    [
        ((), ("sg-1",), "subnets must name 1 to 16"),
        (("subnet-1",), (), "security_group_ids must name 1 to 5"),
        (tuple(f"subnet-{n}" for n in range(17)), ("sg-1",), "1 to 16, not 17"),
        (("subnet-1",), tuple(f"sg-{n}" for n in range(6)), "1 to 5, not 6"),
        (("vpc-1",), ("sg-1",), "'vpc-1'"),
        (("subnet-1",), ("default",), "'default'"),
    ],
)
def test_a_vpc_that_the_service_would_refuse_blocks(
    subnets: tuple[str, ...], groups: tuple[str, ...], part: str
) -> None:
    assert_says("vpc", Level.BLOCK, part, planned=plan(vpc=Vpc(subnets, groups)))


# -- spot, times


def test_on_demand_there_is_nothing_to_wait_for() -> None:
    assert level("spot", plan()) is Level.PASS
    assert_says("spot", Level.BLOCK, "max_wait", "spot: true", planned=plan(instance=chosen(max_wait=86_400)))


def test_a_wait_shorter_than_the_run_blocks() -> None:
    assert level("spot", plan(instance=chosen(spot=True, max_runtime=3600, max_wait=3599))) is Level.BLOCK
    assert level("spot", plan(instance=chosen(spot=True, max_runtime=3600, max_wait=3600))) is Level.PASS


def test_a_long_spot_run_without_a_checkpoint_warns() -> None:
    long = chosen(spot=True, max_runtime=3 * 3600)
    assert_says("spot", Level.WARN, "starts the training from zero", planned=plan(instance=long))
    assert level("spot", plan(instance=long, checkpoint="s3://my-output/checkpoints/")) is Level.PASS


def test_a_warm_pool_on_spot_warns() -> None:
    assert_says(
        "spot", Level.WARN, "keep_alive", planned=plan(instance=chosen(spot=True, max_runtime=3600, keep_alive=60))
    )


def test_a_checkpoint_that_is_no_place_blocks() -> None:
    assert_says("spot", Level.BLOCK, "s3://", planned=plan(checkpoint="checkpoints/"))


def test_a_run_of_more_than_28_days_blocks() -> None:
    assert_says("spot", Level.BLOCK, "28 days", planned=plan(instance=chosen(max_runtime=29 * 86_400)))
    assert level("spot", plan(instance=chosen(max_runtime=28 * 86_400))) is Level.PASS


# -- cost


def test_the_most_it_can_cost_is_said_with_its_origin() -> None:
    assert_says("cost", Level.PASS, "at most $9.00", "6h x $1.50 x 1", "a test of 2026-11-23", planned=plan())


def test_a_cost_above_the_cap_blocks_and_one_at_the_cap_does_not() -> None:
    assert_says("cost", Level.BLOCK, "$9.00", "the cap is $8.99", planned=plan(max_cost_usd=8.99))
    assert level("cost", plan(max_cost_usd=9.0)) is Level.PASS
    assert level("cost", plan(max_cost_usd=0.0)) is Level.BLOCK


@pytest.mark.parametrize("cap", [None, 5.0])
def test_an_unknown_price_is_unknown_and_never_nothing(cap: float | None) -> None:
    assert_says("cost", Level.UNKNOWN, "unknown", planned=plan(max_cost_usd=cap), known=facts(prices={}))


# -- the model


def test_a_model_that_cannot_be_fine_tuned_blocks() -> None:
    assert_says(
        "model_state", Level.BLOCK, "cannot be fine-tuned", planned=plan(model=model_spec(training_supported=False))
    )


def test_a_deprecated_or_vulnerable_model_warns_with_the_reason() -> None:
    old = model_spec(deprecated=True, deprecated_message="Use another.")
    assert_says("model_state", Level.WARN, "deprecated. Use another.", planned=plan(model=old))
    weak = model_spec(training_vulnerable=True, training_vulnerabilities=["CVE-2024-1", "CVE-2024-2"])
    assert_says("model_state", Level.WARN, "CVE-2024-1, CVE-2024-2.", planned=plan(model=weak))
    assert_says(
        "model_state", Level.WARN, "known vulnerabilities.", planned=plan(model=model_spec(training_vulnerable=True))
    )


def test_going_on_from_a_former_job_needs_a_model_that_can() -> None:
    former = ModelChoice("tensorflow-ic-lite", artifact="s3://my-output/old/output/model.tar.gz")
    able = model_spec(incremental_training_supported=True)
    assert level("model_state", plan(model=able, **{})) is Level.PASS
    with_artifact = Plan(training_run(model=former), able, PLACE)
    assert level("model_state", with_artifact) is Level.PASS
    assert_says("model_state", Level.BLOCK, "former job", planned=Plan(training_run(model=former), model_spec(), PLACE))
    nowhere = training_run(model=replace(former, artifact="old/model.tar.gz"))
    assert level("model_state", Plan(nowhere, able, PLACE)) is Level.BLOCK


# -- the sandbox


@pytest.mark.parametrize(
    ("sandbox", "runnable", "expected"),
    [
        (False, None, Level.PASS),
        (False, False, Level.PASS),
        (True, True, Level.PASS),
        (True, False, Level.BLOCK),
        (True, None, Level.WARN),
    ],
)
def test_the_sandbox_trains_only_what_it_can(sandbox: bool, runnable: bool | None, expected: Level) -> None:
    assert level("sandbox", plan(sandbox=sandbox, model=model_spec(sandbox_runnable=runnable))) is expected
