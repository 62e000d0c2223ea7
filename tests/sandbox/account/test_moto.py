"""What the sandbox leaves to moto, and what neither of them can do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.common.faults.sandbox import FaultySandbox
from tests.sandbox.running import RunningSandbox

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}


def refused(call: Any, **parameters: Any) -> ClientError:
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return error.value


def test_the_caller_is_the_sandboxes_user_of_the_documentation_account(sandbox: RunningSandbox) -> None:
    identity = sandbox.client("sts").get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == ("123456789012", "arn:aws:iam::123456789012:user/sandbox")


def test_the_execution_role_is_there_and_trusts_sagemaker(sandbox: RunningSandbox) -> None:
    iam = sandbox.client("iam")
    role = iam.get_role(RoleName="JsftSandboxRole")["Role"]
    statement = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert (statement["Principal"], statement["Action"]) == ({"Service": "sagemaker.amazonaws.com"}, "sts:AssumeRole")
    attached = iam.list_attached_role_policies(RoleName="JsftSandboxRole")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AmazonSageMakerFullAccess"]
    assert refused(iam.get_role, RoleName="Nobody").response["Error"]["Code"] == "NoSuchEntity"


def test_the_policy_simulation_allows_all_but_what_a_test_denies(sandbox: FaultySandbox) -> None:
    iam, role = sandbox.client("iam"), "arn:aws:iam::123456789012:role/JsftSandboxRole"
    actions = ["iam:PassRole", "s3:GetObject"]
    sandbox.set_denied_actions("iam:.*")
    results = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=actions)["EvaluationResults"]
    assert [r["EvalDecision"] for r in results] == ["implicitDeny", "allowed"]
    sandbox.set_denied_actions()
    results = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=actions)["EvaluationResults"]
    assert {r["EvalDecision"] for r in results} == {"allowed"}
    error = refused(iam.simulate_principal_policy, PolicySourceArn=role + "x", ActionNames=actions)
    assert error.response["Error"]["Code"] == "NoSuchEntity"


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code"),
    [
        ("sagemaker", "list_hubs", {}, "UnsupportedOperationException"),
        ("sagemaker", "describe_hub", {"HubName": "h"}, None),
        ("sagemaker", "delete_model_package_group", {"ModelPackageGroupName": "g"}, "UnsupportedOperationException"),
        ("ec2", "describe_ipam_byoasn", {}, "UnsupportedOperation"),
        ("iam", "generate_service_last_accessed_details", {"Arn": "arn:aws:iam::123456789012:role/x"}, None),
        ("logs", "put_retention_policy", {"logGroupName": "/aws/sagemaker/TrainingJobs", "retentionInDays": 1}, None),
        ("health", "describe_events", {}, "UnsupportedOperationException"),
        ("sso-admin", "describe_region", {"InstanceArn": "x" * 10, "RegionName": "x" * 10}, None),
    ],
)
def test_what_nobody_implements_is_refused_at_once_and_recorded(
    sandbox: RunningSandbox, service: str, operation: str, parameters: dict[str, Any], code: str | None
) -> None:
    client = sandbox.client(service)
    error = refused(getattr(client, operation), **parameters)
    assert error.response["Error"]["Code"] in (
        [code] if code else ["UnsupportedOperation", "UnsupportedOperationException"]
    )
    assert 400 <= error.response["ResponseMetadata"]["HTTPStatusCode"] < 500
    name = client.meta.method_to_api_mapping[operation]
    recorded = [entry["operation"] for entry in sandbox.control("GET", "unimplemented")]
    assert name in recorded


def test_a_call_with_wrong_parameters_is_refused_with_all_that_is_wrong(sandbox: RunningSandbox) -> None:
    logs = sandbox.client("logs", parameter_validation=False)
    error = refused(logs.get_log_events, logGroupName=7, limit="many")
    assert error.response["Error"]["Code"] == "ValidationException"
    for name in ("logGroupName", "limit", "logStreamName"):
        assert name in error.response["Error"]["Message"]


def test_times_in_json_are_taken_as_numbers(sandbox: RunningSandbox) -> None:
    assert "TrainingJobSummaries" in sandbox.client("sagemaker").list_training_jobs(CreationTimeAfter=1_700_000_000)


def test_security_groups_and_keys_work(sandbox: RunningSandbox) -> None:
    assert sandbox.client("ec2").describe_subnets()["Subnets"]
    assert sandbox.client("kms").create_key()["KeyMetadata"]["Enabled"]


def test_a_role_that_does_not_trust_sagemaker_cannot_train(sandbox: RunningSandbox) -> None:
    iam = sandbox.client("iam")
    trust = {**TRUST, "Statement": [{**TRUST["Statement"][0], "Principal": {"Service": "ec2.amazonaws.com"}}]}  # type: ignore[dict-item]
    role = iam.create_role(RoleName="Stranger", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    request = {
        "TrainingJobName": "never",
        "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
        "RoleArn": role,
        "OutputDataConfig": {"S3OutputPath": "s3://nowhere/"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
    error = refused(sandbox.client("sagemaker").create_training_job, **request)
    assert error.response["Error"]["Code"] == "ValidationException"
    assert role in error.response["Error"]["Message"]
    iam.delete_role(RoleName="Stranger")


def test_the_default_network_leads_to_s3(sandbox: RunningSandbox) -> None:
    """In a region that nobody looked at before, whatever is asked first."""
    ec2 = sandbox.client("ec2", "ap-south-1")
    endpoint = ec2.describe_vpc_endpoints()["VpcEndpoints"][0]
    assert (endpoint["VpcEndpointType"], endpoint["ServiceName"]) == ("Gateway", "com.amazonaws.ap-south-1.s3")
    tables = ec2.describe_route_tables(RouteTableIds=endpoint["RouteTableIds"])["RouteTables"]
    assert [association["Main"] for table in tables for association in table["Associations"]] == [True]
    assert ec2.describe_vpcs(VpcIds=[endpoint["VpcId"]])["Vpcs"][0]["IsDefault"]
