"""Settings: origins, parsing, and config entries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.run.defaults import Defaults, with_defaults
from jsft_tui.core.run.draft import EMPTY
from jsft_tui.core.run.run import KmsKeys, Vpc
from jsft_tui.core.run.settings.settings import (
    NOT_SET,
    SPEC,
    THIS_RUN,
    Setting,
    config_entries,
    origin_of,
    parse_setting,
    setting_rows,
    setting_text,
    switched,
    with_choice,
    with_setting,
    without_setting,
)
from tests.core.catalog.small_spec import small_spec

FILE = "SageMaker config.yaml"
DEFAULTS = Defaults(
    role="arn:aws:iam::123456789012:role/Files",
    vpc=Vpc(("subnet-1",), ("sg-1",)),
    tags={"team": "a"},
    encrypt_traffic=False,
).from_origin(FILE)
TYPED = {
    Setting.ROLE: "arn:aws:iam::123456789012:role/path/Train",
    Setting.OUTPUT: "s3://bucket/models/",
    Setting.SUBNETS: "subnet-0a1b, subnet-0c2d",
    Setting.SECURITY_GROUPS: "sg-0a1b",
    Setting.VOLUME_KEY: "1234abcd-12ab-34cd-56ef-1234567890ab",
    Setting.OUTPUT_KEY: "arn:aws:kms:us-west-2:123456789012:key/1234abcd",
    Setting.TAGS: "team=vision, cost=4=2",
    Setting.ENVIRONMENT: "HF_HUB_OFFLINE=1",
    Setting.ENCRYPT_TRAFFIC: "yes",
    Setting.NETWORK_ISOLATION: "no",
    Setting.MAX_COST: "$1,250.50",
    Setting.CHECKPOINT: "s3://bucket/checkpoints/",
    Setting.PACKAGE_GROUP: "my-models",
    Setting.SOURCE_PACKAGE: "arn:aws:sagemaker:us-west-2:123456789012:model-package/my-models/3",
    Setting.SEQUENCE_LENGTH: "8K",
    Setting.MLFLOW_APP: "arn:aws:sagemaker:us-west-2:123456789012:mlflow-app/app-1",
    Setting.MLFLOW_EXPERIMENT: "tones",
    Setting.MLFLOW_RUN: "first run",
    Setting.EVALUATOR: "arn:aws:sagemaker:us-west-2:123456789012:hub-content/hub/JsonDoc/reward/1.0.0",
    Setting.JUDGE_MODEL: "openai.gpt-oss-20b-1:0",
}
WRONG = [
    (Setting.ROLE, "Train"),
    (Setting.ROLE, ""),
    (Setting.OUTPUT, "https://bucket.s3.amazonaws.com/x"),
    (Setting.SUBNETS, "sg-0a1b"),
    (Setting.SUBNETS, " , "),
    (Setting.SECURITY_GROUPS, ",".join(f"sg-{number}" for number in range(6))),
    (Setting.VOLUME_KEY, "a key"),
    (Setting.OUTPUT_KEY, "arn:aws:iam::123456789012:role/Train"),
    (Setting.TAGS, "team"),
    (Setting.ENVIRONMENT, "1A=b"),
    (Setting.MAX_COST, "-3"),
    (Setting.MAX_COST, "nan"),
    (Setting.NETWORK_ISOLATION, "maybe"),
    (Setting.PACKAGE_GROUP, "my models"),
    (Setting.SOURCE_PACKAGE, "arn:aws:sagemaker:us-west-2:123456789012:model-package-group/my-models"),
    (Setting.SEQUENCE_LENGTH, "4096"),
    (Setting.MLFLOW_APP, "app-1"),
    (Setting.EVALUATOR, "arn:aws:sagemaker:us-west-2:123456789012:hub-content/hub/JsonDoc/reward"),
    (Setting.JUDGE_MODEL, "a judge"),
]

CUSTOMIZED = replace(EMPTY, customization=Customization(Technique.RLAIF))


@pytest.mark.parametrize("setting", Setting)
def test_what_is_typed_is_this_runs_and_reads_back_as_it_was_typed(setting: Setting) -> None:
    run = with_setting(CUSTOMIZED, setting, TYPED[setting], Defaults())
    assert origin_of(setting, run, DEFAULTS).startswith(THIS_RUN)
    assert with_setting(CUSTOMIZED, setting, setting_text(run, setting), Defaults()) == run
    assert setting_text(without_setting(run, setting), setting) == ""


@pytest.mark.parametrize(("setting", "text"), WRONG)
def test_what_is_no_such_value_is_refused(setting: Setting, text: str) -> None:
    with pytest.raises((Problem, ValueError)):
        parse_setting(setting, text)


def test_every_row_says_where_its_value_came_from() -> None:
    own = with_setting(EMPTY, Setting.TAGS, "mine=1", DEFAULTS)
    rows = {row.setting: row for row in setting_rows(own, DEFAULTS, small_spec())}
    assert (rows[Setting.ROLE].text, rows[Setting.ROLE].origin) == (DEFAULTS.role, FILE)
    assert (rows[Setting.SUBNETS].text, rows[Setting.SUBNETS].origin) == ("subnet-1", FILE)
    assert (rows[Setting.TAGS].text, rows[Setting.TAGS].origin) == ("team=a, mine=1", f"{THIS_RUN} + {FILE}")
    assert (rows[Setting.ENCRYPT_TRAFFIC].text, rows[Setting.ENCRYPT_TRAFFIC].origin) == ("no", FILE)
    assert (rows[Setting.NETWORK_ISOLATION].text, rows[Setting.NETWORK_ISOLATION].origin) == ("yes", SPEC)
    assert (rows[Setting.CHECKPOINT].text, rows[Setting.CHECKPOINT].origin) == ("–", NOT_SET)


def test_settings_of_a_customization_are_there_for_one_and_those_of_rewards_where_answers_are_scored() -> None:
    def there(technique: Technique | None) -> set[Setting]:
        run = replace(EMPTY, customization=Customization(technique) if technique else None)
        return {row.setting for row in setting_rows(run, DEFAULTS, None)}

    of_rewards = {Setting.EVALUATOR, Setting.JUDGE_MODEL}
    assert {each for each in Setting if each.customization} & there(None) == set()
    assert Setting.PACKAGE_GROUP in there(Technique.SFT)
    assert not of_rewards & there(Technique.SFT)
    assert of_rewards <= there(Technique.RLVR)


def test_a_group_of_the_settings_file_is_inherited() -> None:
    defaults = Defaults(model_package_group="team-models").from_origin(FILE)
    row = next(row for row in setting_rows(CUSTOMIZED, defaults, None) if row.setting is Setting.PACKAGE_GROUP)
    assert (row.text, row.origin) == ("team-models", FILE)


def test_half_a_network_takes_the_other_half_from_the_defaults() -> None:
    run = with_setting(EMPTY, Setting.SUBNETS, "subnet-9", DEFAULTS)
    assert run.vpc == Vpc(("subnet-9",), ("sg-1",))
    assert origin_of(Setting.SECURITY_GROUPS, run, DEFAULTS) == FILE
    assert without_setting(run, Setting.SECURITY_GROUPS).vpc is None


def test_one_key_does_not_take_the_other_along() -> None:
    run = with_setting(EMPTY, Setting.OUTPUT_KEY, "alias/models", Defaults())
    run = with_setting(run, Setting.VOLUME_KEY, "disk", Defaults())
    assert run.kms == KmsKeys("disk", "alias/models")
    assert without_setting(run, Setting.VOLUME_KEY).kms == KmsKeys(None, "alias/models")


def test_a_switch_goes_round() -> None:
    run, seen = EMPTY, []
    for _ in range(3):
        run = switched(run, Setting.NETWORK_ISOLATION)
        seen.append(run.network_isolation)
    assert seen == [True, False, None]


def test_what_is_kept_are_plain_values_under_the_configs_names() -> None:
    run = with_defaults(with_setting(EMPTY, Setting.SUBNETS, "subnet-9", DEFAULTS), DEFAULTS)
    network = {"subnets": ["subnet-9"], "security_group_ids": ["sg-1"]}
    assert config_entries(run, Setting.SUBNETS) == network
    assert config_entries(run, Setting.SECURITY_GROUPS) == network
    assert config_entries(run, Setting.TAGS) == {"tags": {"team": "a"}}
    assert config_entries(run, Setting.ENCRYPT_TRAFFIC) == {"encrypt_traffic": False}
    assert config_entries(run, Setting.VOLUME_KEY) == {}
    kept = with_setting(run, Setting.CHECKPOINT, "s3://bucket/c/", DEFAULTS)
    assert config_entries(kept, Setting.CHECKPOINT) == {}


def test_of_several_a_choice_is_put_in_and_taken_out_again() -> None:
    run = with_choice(EMPTY, Setting.SUBNETS, "subnet-2", DEFAULTS)
    assert run.vpc == Vpc(("subnet-1", "subnet-2"), ("sg-1",))
    assert with_choice(run, Setting.SUBNETS, "subnet-2", DEFAULTS).vpc == DEFAULTS.vpc
    alone = with_choice(EMPTY, Setting.SUBNETS, "subnet-9", Defaults())
    assert with_choice(alone, Setting.SUBNETS, "subnet-9", Defaults()).vpc is None
    role = "arn:aws:iam::123456789012:role/Other"
    assert with_choice(EMPTY, Setting.ROLE, role, DEFAULTS).role == role
