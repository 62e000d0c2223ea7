"""The model registry, the hub and the list of MLflow apps answer as botocore's model of SageMaker says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.customization.requests import GROUP, LLAMA, PREFIX, QWEN, assert_shaped
from tests.sandbox.running import RunningSandbox

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """A sandbox without groups."""
    running = RunningSandbox(tmp_path_factory.mktemp("registry") / "state")
    yield running
    running.stop()


def code_and_message(call: Any, **parameters: Any) -> tuple[str, str]:
    """How a call is refused."""
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def names(answer: dict[str, Any]) -> list[str]:
    """The groups of a page."""
    return [row["ModelPackageGroupName"] for row in answer["ModelPackageGroupSummaryList"]]


def test_groups_are_created_listed_by_page_and_outlive_the_process(own: RunningSandbox) -> None:
    client = own.client("sagemaker")
    for name in ("team", "alpha", "beta"):
        client.create_model_package_group(ModelPackageGroupName=name, ModelPackageGroupDescription=f"of {name}")
    own.kill()
    own.start()
    client = own.client("sagemaker")
    found = client.describe_model_package_group(ModelPackageGroupName=GROUP)
    assert (found["ModelPackageGroupArn"], found["ModelPackageGroupStatus"]) == (GROUP, "Completed")
    assert found["ModelPackageGroupDescription"] == "of team"
    assert_shaped(client, "DescribeModelPackageGroup", found)
    first = client.list_model_package_groups(SortBy="Name", MaxResults=2)
    assert names(first) == ["alpha", "beta"]
    assert_shaped(client, "ListModelPackageGroups", first)
    assert names(client.list_model_package_groups(SortBy="Name", NextToken=first["NextToken"])) == ["team"]
    assert names(client.list_model_package_groups(SortOrder="Descending")) == ["beta", "alpha", "team"]
    assert names(client.list_model_package_groups(NameContains="eta")) == ["beta"]


def test_what_is_not_in_the_registry_is_refused_in_aws_s_words(own: RunningSandbox) -> None:
    client = own.client("sagemaker")
    absent = f"{PREFIX}:model-package-group/absent"
    assert code_and_message(client.describe_model_package_group, ModelPackageGroupName="absent") == (
        "ValidationException",
        f"ModelPackageGroup {absent} does not exist.",
    )
    package = f"{PREFIX}:model-package/absent/1"
    code, message = code_and_message(client.describe_model_package, ModelPackageName=package)
    assert (code, package in message) == ("ValidationException", True)
    code, _ = code_and_message(client.list_model_packages, ModelPackageGroupName="absent")
    assert code == "ValidationException"


def test_a_group_has_one_name_once(own: RunningSandbox) -> None:
    client = own.client("sagemaker")
    client.create_model_package_group(ModelPackageGroupName="once")
    code, _ = code_and_message(client.create_model_package_group, ModelPackageGroupName="once")
    assert code == "ValidationException"
    code, _ = code_and_message(client.list_model_package_groups, NextToken="nonsense")
    assert code == "ValidationException"


def test_the_hub_describes_the_newest_version_with_its_recipes(own: RunningSandbox) -> None:
    client = own.client("sagemaker")
    wanted = {"HubName": "SageMakerPublicHub", "HubContentType": "Model"}
    found = client.describe_hub_content(**wanted, HubContentName=QWEN)
    assert found["HubContentArn"].endswith(f"Model/{QWEN}/{found['HubContentVersion']}")
    assert_shaped(client, "DescribeHubContent", found)
    recipes = json.loads(found["HubContentDocument"])["RecipeCollection"]
    assert {entry["CustomizationTechnique"] for entry in recipes} == {"SFT", "DPO", "RLVR", "RLAIF"}
    s3 = own.client("s3")
    for entry in recipes:
        for member in ("SmtjOverrideParamsS3Uri", "SmtjRecipeTemplateS3Uri"):
            bucket, _, key = entry[member].removeprefix("s3://").partition("/")
            assert s3.head_object(Bucket=bucket, Key=key)["ContentLength"] > 0
    gated = client.describe_hub_content(**wanted, HubContentName=LLAMA)
    assert json.loads(gated["HubContentDocument"])["GatedBucket"] is True
    code, _ = code_and_message(client.describe_hub_content, **wanted, HubContentName="absent")
    assert code == "ResourceNotFound"
    code, _ = code_and_message(client.describe_hub_content, **wanted, HubContentName=QWEN, HubContentVersion="9.9.9")
    assert code == "ResourceNotFound"


def test_there_are_no_mlflow_apps(own: RunningSandbox) -> None:
    assert own.client("sagemaker").list_mlflow_apps()["Summaries"] == []


def test_the_state_of_the_registry_is_a_file_of_the_sandbox(own: RunningSandbox) -> None:
    assert list(Path(own.state_dir).rglob("model_packages.sqlite"))


def test_an_account_has_no_registry_of_evaluators_here(own: RunningSandbox) -> None:
    client = own.client("sagemaker")
    code, _ = code_and_message(client.list_hub_contents, HubName="MY-REGISTRY", HubContentType="JsonDoc")
    assert code == "ResourceNotFound"
