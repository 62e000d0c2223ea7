"""The model registry, hub and MLflow adapters and their services, over HTTP against a pretended AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.aws.account import Account
from jsft_tui.aws.customization.hub import registry_hub
from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.customization.model_packages import GroupFacts, PackageFacts
from jsft_tui.core.customization.reward.evaluators import EvaluatorFacts
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.customization.resources import CustomizationResources
from tests.cli.session.test_sign_in import jsft
from tests.common.servers.stub_aws import KEYS, Reply, Request, StubAws, aws_home, identity, refusal

REGION = "us-west-2"
GROUP = "arn:aws:sagemaker:us-west-2:123456789012:model-package-group/my-models"
PACKAGE = "arn:aws:sagemaker:us-west-2:123456789012:model-package/my-models/3"
APP = "arn:aws:sagemaker:us-west-2:123456789012:mlflow-app/app-1"
EVALUATOR = "arn:aws:sagemaker:us-west-2:123456789012:hub-content/hub/JsonDoc/reward/1.0.0"
FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:reward"
ABSENT = refusal("sagemaker", "ValidationException", "ModelPackageGroup arn:x does not exist.", 400)

Answers = dict[str, Any]


def price_list(unit: str) -> str:
    """A product of the price list."""
    dimension = {"unit": unit, "pricePerUnit": {"USD": "0.002"}}
    return json.dumps({"terms": {"OnDemand": {"t": {"priceDimensions": {"d": dimension}}}}})


class Registry:
    """Answers SageMaker's operations from a table; a function is asked with the request's body."""

    def __init__(self) -> None:
        self.answers: Answers = {}
        self.asked: list[tuple[str, Any]] = []

    def __call__(self, request: Request) -> Reply:
        operation = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if not operation:
            return identity()
        body = json.loads(request.body or "{}")
        self.asked.append((operation, body))
        answer = self.answers.get(operation, ABSENT)
        answer = answer(body) if callable(answer) else answer
        return answer if isinstance(answer, Reply) else Reply(200, json.dumps(answer), {"x-amzn-RequestId": "1"})


@pytest.fixture
def registry(folder: Path) -> Iterator[Registry]:
    """A registry that this process's AWS clients ask."""
    answers = Registry()
    with StubAws(answers) as stub:
        config = "[default]\nregion = us-west-2\n"
        with aws_home(folder, config, f"[default]\n{KEYS}", AWS_ENDPOINT_URL=stub.url):
            yield answers


def account(*, read_only: bool = False) -> Account:
    return Account(Target(region=REGION, read_only=read_only))


def resources(adapters: Account) -> CustomizationResources:
    return CustomizationResources(adapters, Catalog(adapters.content, Path("unused")))


def pages(key: str, *rows: dict[str, Any]) -> Callable[[Any], Any]:
    """Answer with one row a page."""

    def answer(body: Any) -> Any:
        at = int(body.get("NextToken", "0"))
        more = {"NextToken": str(at + 1)} if at + 1 < len(rows) else {}
        return {key: [rows[at]] if rows else [], **more}

    return answer


def group(name: str) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:us-west-2:123456789012:model-package-group/{name}"
    return {
        "ModelPackageGroupName": name,
        "ModelPackageGroupArn": arn,
        "CreationTime": 1.7e9,
        "ModelPackageGroupStatus": "Completed",
    }


def test_groups_models_and_apps_are_listed_to_the_last_page(registry: Registry) -> None:
    package = {
        "ModelPackageGroupName": "my-models",
        "ModelPackageVersion": 3,
        "ModelPackageArn": PACKAGE,
        "ModelPackageStatus": "Completed",
        "CreationTime": 1.7e9,
    }
    registry.answers = {
        "ListModelPackageGroups": pages("ModelPackageGroupSummaryList", group("my-models"), group("others")),
        "ListModelPackages": pages("ModelPackageSummaryList", package),
        "ListMlflowApps": pages("Summaries", {"Arn": APP, "Name": "mine", "Status": "Created"}),
    }
    found = resources(account())
    assert [each.name for each in found.groups()] == ["my-models", "others"]
    assert [(each.id, each.name, each.note) for each in found.packages("my-models")] == [
        (PACKAGE, "my-models 3", "Completed")
    ]
    assert [(each.id, each.name) for each in found.mlflow_apps()] == [(APP, "mine")]
    assert found.judges()
    assert not [operation for operation, _ in registry.asked if operation.startswith("Create")]


def test_no_mlflow_app_is_no_error_and_none_is_created(registry: Registry) -> None:
    registry.answers = {"ListMlflowApps": {"Summaries": []}}
    assert resources(account()).mlflow_apps() == []
    assert [operation for operation, _ in registry.asked] == ["ListMlflowApps"]


def test_what_is_absent_is_told_from_what_is_refused(registry: Registry) -> None:
    adapters = account()
    assert adapters.model_packages.group("my-models") == GroupFacts(False)
    assert adapters.model_packages.package(PACKAGE) == PackageFacts(False)
    registry.answers = {"DescribeModelPackageGroup": refusal("sagemaker", "AccessDeniedException", "no", 400)}
    with pytest.raises(Problem) as refused:
        adapters.model_packages.group("my-models")
    assert refused.value.code == "AccessDenied"


def test_a_model_says_what_it_was_made_from(registry: Registry) -> None:
    registry.answers = {
        "DescribeModelPackage": {
            "ModelPackageName": "x",
            "ModelPackageGroupName": "my-models",
            "ModelPackageArn": PACKAGE,
            "ModelPackageStatus": "Completed",
            "CreationTime": 1.7e9,
            "ModelPackageStatusDetails": {"ValidationStatuses": []},
            "InferenceSpecification": {"Containers": [{"BaseModel": {"HubContentName": "tiny"}}]},
        }
    }
    assert account().model_packages.package(PACKAGE) == PackageFacts(True, "Completed", "my-models", "tiny")


@pytest.mark.parametrize(
    ("document", "function"),
    [
        ({"JsonContent": json.dumps({"Reference": FUNCTION})}, FUNCTION),
        ({"JsonContent": {"Reference": FUNCTION}}, FUNCTION),
        ({"JsonContent": "{"}, ""),
        ([], ""),
    ],
    ids=["as text", "as object", "broken", "no object"],
)
def test_an_evaluator_names_its_function(registry: Registry, document: Any, function: str) -> None:
    registry.answers = {
        "DescribeHubContent": {
            "HubContentName": "reward",
            "HubContentArn": EVALUATOR,
            "HubContentVersion": "1.0.0",
            "HubContentType": "JsonDoc",
            "DocumentSchemaVersion": "1.0.0",
            "HubName": "hub",
            "HubArn": "arn:aws:sagemaker:us-west-2:123456789012:hub/hub",
            "HubContentDocument": json.dumps(document),
            "HubContentStatus": "Available",
            "CreationTime": 1.7e9,
        }
    }
    assert account().hubs.evaluator(EVALUATOR) == EvaluatorFacts(True, function)
    ((_, asked),) = registry.asked
    assert (asked["HubName"], asked["HubContentType"], asked["HubContentVersion"]) == ("hub", "JsonDoc", "1.0.0")


def test_the_price_of_a_usage_type_is_read_with_its_unit(registry: Registry) -> None:
    registry.answers = {"GetProducts": {"PriceList": [price_list("1K tokens")]}}
    assert account().price_list.sku_price("USW2-x", REGION) == SkuPrice(0.002, "1K tokens", "price list")
    registry.answers = {"GetProducts": {"PriceList": []}}
    assert account().price_list.sku_price("USW2-x", REGION) is None


def test_a_group_is_created_only_when_that_is_allowed_and_named(registry: Registry) -> None:
    registry.answers = {"CreateModelPackageGroup": {"ModelPackageGroupArn": GROUP}}
    with pytest.raises(Problem) as refused:
        resources(account(read_only=True)).create_group("my-models")
    assert refused.value.code == "ReadOnly"
    with pytest.raises(Problem) as refused:
        resources(account()).create_group("my models")
    assert refused.value.code == "BadName"
    assert registry.asked == []
    assert resources(account()).create_group("my-models") == GROUP
    assert registry.asked == [("CreateModelPackageGroup", {"ModelPackageGroupName": "my-models"})]


def test_the_command_lists_and_creates_after_confirmation(registry: Registry) -> None:
    registry.answers = {
        "ListModelPackageGroups": {"ModelPackageGroupSummaryList": [group("my-models")]},
        "CreateModelPackageGroup": {"ModelPackageGroupArn": GROUP},
    }
    assert [each["arn"] for each in jsft("groups", "--json").document] == [GROUP]
    assert jsft("groups", "--create", "my-models", "--json").error["code"] == "NotConfirmed"
    assert jsft("groups", "--create", "my-models", "--yes", "--json").document["arn"] == GROUP
    there = refusal("sagemaker", "ValidationException", f"Model Package Group already exists: {GROUP}", 400)
    registry.answers["CreateModelPackageGroup"] = there
    error = jsft("groups", "--create", "my-models", "--yes", "--json").error
    assert (error["code"], error["remedy"]) == ("GroupExists", "Use it, or choose another name.")
    assert jsft("groups", "--create", "", "--yes", "--json").error["code"] == "BadName"


def test_the_evaluators_are_those_of_the_accounts_registry_page_by_page(registry: Registry) -> None:
    def listed(body: Any) -> Any:
        assert body["HubName"] == registry_hub(REGION, "123456789012")
        assert body["HubContentType"] == "JsonDoc"
        number = 2 if "NextToken" in body else 1
        row = {
            "HubContentArn": f"arn:aws:sagemaker:{REGION}:123456789012:hub-content/HUB/JsonDoc/reward-{number}/1.0.0",
            "HubContentName": f"reward-{number}",
            "HubContentSearchKeywords": ["type:RewardFunction"],
        }
        return {"HubContentSummaries": [row], **({} if number == 2 else {"NextToken": "2"})}

    registry.answers = {"ListHubContents": listed}
    found = resources(account()).evaluators()
    assert [(each.name, each.note) for each in found] == [
        ("reward-1", "type:RewardFunction"),
        ("reward-2", "type:RewardFunction"),
    ]


def test_an_account_without_a_registry_has_no_evaluators(registry: Registry) -> None:
    registry.answers = {"ListHubContents": Reply(400, json.dumps({"__type": "ResourceNotFound", "message": "no hub"}))}
    assert resources(account()).evaluators() == []


def test_the_registrys_name_is_that_of_the_sdk() -> None:
    # sagemaker-train 1.27, AIRHub._generate_hub_names and utils.base32_encode, which were run for this value.
    assert registry_hub("us-west-2", "123456789012") == "9IVHFNP5DC9J8QGIQ193ESR91NUC4JAR4I5AJ4H7K80LM5BEHKM0"


def test_a_link_to_an_mlflow_app_is_signed_only_where_that_is_allowed(registry: Registry) -> None:
    app = f"arn:aws:sagemaker:{REGION}:123456789012:mlflow-app/app-1"
    registry.answers = {"CreatePresignedMlflowAppUrl": {"AuthorizedUrl": "https://mlflow.example/auth?x=1"}}
    with pytest.raises(Problem) as refused:
        resources(account(read_only=True)).mlflow_link(app)
    assert refused.value.code == "ReadOnly"
    assert registry.asked == []
    assert resources(account()).mlflow_link(app) == "https://mlflow.example/auth?x=1"
    assert registry.asked == [("CreatePresignedMlflowAppUrl", {"Arn": app, "ExpiresInSeconds": 300})]
