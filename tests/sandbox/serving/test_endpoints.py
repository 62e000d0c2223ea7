"""Endpoints of the sandbox through boto3, unmodified."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from jsft_tui.sandbox.sagemaker.processes import start_time
from tests.sandbox.sagemaker.training_bench import until
from tests.sandbox.serving.endpoints import IMAGE, REGION, Endpoints, unique

pytestmark = pytest.mark.sandbox

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")

ACCOUNT = f"arn:aws:sagemaker:{REGION}:123456789012"


def refused(call: Callable[[], Any], code: str = "ValidationException") -> str:
    with pytest.raises(ClientError) as raised:
        call()
    assert raised.value.response["Error"]["Code"] == code
    return str(raised.value.response["Error"]["Message"])


def test_an_endpoint_comes_into_service_answers_and_goes(endpoints: Endpoints) -> None:
    name, before = unique("life"), datetime.now(UTC)
    endpoints.start(name)
    found = endpoints.describe(name)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("Creating", name)
    assert "ProductionVariants" not in found
    assert "not found" in refused(lambda: endpoints.ask(name), "ValidationError")
    assert refused(lambda: endpoints.client.delete_endpoint(EndpointName=name)) == (
        f'Cannot update in-progress endpoint "{ACCOUNT}:endpoint/{name}".'
    )

    found = endpoints.settle(name)
    assert found["EndpointStatus"] == "InService"
    (variant,) = found["ProductionVariants"]
    assert variant["DeployedImages"][0]["SpecifiedImage"] == IMAGE
    assert (variant["CurrentInstanceCount"], variant["CurrentWeight"]) == (1, 1.0)
    answer = endpoints.ask(name, "1,2\n-3,0.5\n")
    assert answer["labels"] == ["down", "up"]
    assert answer["predicted_label"] == ["up", "down"]
    assert [sum(row) for row in answer["probabilities"]] == pytest.approx([1.0, 1.0])
    assert any("POST /invocations" in line and " 200 " in line for line in endpoints.log(name))

    metrics = endpoints.sandbox.client("cloudwatch")
    asked = {
        "Namespace": "AWS/SageMaker",
        "Dimensions": [{"Name": "EndpointName", "Value": name}, {"Name": "VariantName", "Value": "AllTraffic"}],
        "StartTime": before - timedelta(minutes=1),
        "EndTime": datetime.now(UTC) + timedelta(minutes=1),
        "Period": 3600,
        "Statistics": ["Sum"],
    }
    sums = {
        metric: sum(point["Sum"] for point in metrics.get_metric_statistics(**asked, MetricName=metric)["Datapoints"])
        for metric in ("Invocations", "Invocation4XXErrors", "ModelLatency")
    }
    assert (sums["Invocations"], sums["Invocation4XXErrors"]) == (1, 0)
    assert sums["ModelLatency"] > 0

    endpoints.client.delete_endpoint(EndpointName=name)
    assert endpoints.describe(name)["EndpointStatus"] == "Deleting"
    endpoints.client.get_waiter("endpoint_deleted").wait(
        EndpointName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 600}
    )
    for operation, member in (("delete_endpoint_config", "EndpointConfigName"), ("delete_model", "ModelName")):
        delete = partial(getattr(endpoints.client, operation), **{member: name})
        delete()
        assert "Could not find" in refused(delete)


def test_the_model_of_an_endpoint_outlives_its_object_and_its_records(endpoints: Endpoints) -> None:
    name = unique("copy")
    uri = endpoints.put(
        f"{name}/model.tar.gz",
        endpoints.s3.get_object(Bucket=endpoints.bucket, Key="signs/model.tar.gz")["Body"].read(),
    )
    endpoints.serve(name, {"ModelDataUrl": uri})
    endpoints.s3.delete_object(Bucket=endpoints.bucket, Key=f"{name}/model.tar.gz")
    endpoints.client.delete_model(ModelName=name)
    endpoints.client.delete_endpoint_config(EndpointConfigName=name)
    assert endpoints.ask(name)["predicted_label"] == ["up"]
    endpoints.drop(name)


def test_an_uncompressed_model_is_served(endpoints: Endpoints) -> None:
    source = {"S3Uri": f"s3://{endpoints.bucket}/plain/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    name = endpoints.serve(unique("plain"), {"ModelDataSource": {"S3DataSource": source}})
    assert endpoints.ask(name, "-1,-1")["predicted_label"] == ["down"]
    endpoints.drop(name)


def test_names_are_used_once_and_must_exist(endpoints: Endpoints) -> None:
    name = endpoints.serve(unique("twice"))
    client = endpoints.client
    assert refused(lambda: endpoints.model(name)) == f'Cannot create already existing model "{ACCOUNT}:model/{name}".'
    assert "already existing endpoint configuration" in refused(lambda: endpoints.config(name))
    again = {"EndpointName": name, "EndpointConfigName": name}
    assert "already existing endpoint" in refused(lambda: client.create_endpoint(**again))
    for call in (
        lambda: client.describe_model(ModelName="nothing"),
        lambda: client.describe_endpoint_config(EndpointConfigName="nothing"),
        lambda: client.describe_endpoint(EndpointName="nothing"),
        lambda: client.delete_endpoint(EndpointName="nothing"),
        lambda: client.create_endpoint(EndpointName="new", EndpointConfigName="nothing"),
        lambda: endpoints.config("new", "nothing"),
    ):
        assert refused(call).startswith("Could not find ")
    missing = f"s3://{endpoints.bucket}/nothing/model.tar.gz"
    assert refused(lambda: endpoints.model("new", ModelDataUrl=missing)) == f"Could not find model data at {missing}."
    assert "Could not assume role" in refused(
        lambda: client.create_model(
            ModelName="new",
            ExecutionRoleArn="arn:aws:iam::123456789012:role/Nobody",
            PrimaryContainer={"Image": IMAGE, "ModelDataUrl": endpoints.uri},
        )
    )
    endpoints.drop(name)


def test_a_model_that_cannot_be_loaded_fails_the_endpoint_and_the_log_says_why(endpoints: Endpoints) -> None:
    uri = endpoints.put("broken/model.tar.gz", b"no archive")
    endpoints.start(broken := unique("broken"), {"ModelDataUrl": uri})
    endpoints.start(missing := unique("missing"), {"ModelDataUrl": endpoints.put("gone/model.tar.gz", b"x")})
    found = endpoints.settle(broken)
    assert found["EndpointStatus"] == "Failed"
    assert "AllTraffic did not pass the ping health check" in found["FailureReason"]
    assert any("cannot be read as a tar.gz archive" in line for line in endpoints.log(broken))
    assert "not found" in refused(lambda: endpoints.ask(broken), "ValidationError")
    for name in (broken, missing):
        endpoints.settle(name)
        endpoints.drop(name)


def test_a_model_that_is_gone_when_the_endpoint_is_created_fails_it(endpoints: Endpoints) -> None:
    name = unique("gone")
    endpoints.model(name, ModelDataUrl=endpoints.put(f"{name}/model.tar.gz", b"x"))
    endpoints.config(name)
    endpoints.s3.delete_object(Bucket=endpoints.bucket, Key=f"{name}/model.tar.gz")
    endpoints.client.create_endpoint(EndpointName=name, EndpointConfigName=name)
    found = endpoints.settle(name)
    assert found["EndpointStatus"] == "Failed"
    assert f"s3://{endpoints.bucket}/{name}/model.tar.gz" in found["FailureReason"]
    endpoints.drop(name)


def test_errors_of_the_model_carry_its_status(endpoints: Endpoints) -> None:
    name = endpoints.serve(unique("errors"))
    with pytest.raises(ClientError) as raised:
        endpoints.ask(name, "red,1")
    response = raised.value.response
    assert response["Error"]["Code"] == "ModelError"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert response["OriginalStatusCode"] == 400
    assert "rows of numbers" in response["OriginalMessage"]
    assert response["Error"]["Message"].startswith('Received client error (400) from primary with message "')
    assert f"/aws/sagemaker/Endpoints/{name}" in response["LogStreamArn"]
    with pytest.raises(ClientError) as raised:
        endpoints.ask(name, ContentType="application/x-image")
    assert raised.value.response["OriginalStatusCode"] == 415
    with pytest.raises(ClientError) as raised:
        endpoints.ask(name, "1" * 6_291_457)
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert "Variant" in refused(lambda: endpoints.ask(name, TargetVariant="Other"), "ValidationError")
    form = {"ContentType": "application/x-www-form-urlencoded"}
    assert "unsupported content type" in refused(lambda: endpoints.ask(name, **form), "ModelError")
    endpoints.drop(name)


def test_quotas_bound_the_instances_of_endpoints(endpoints: Endpoints) -> None:
    name = unique("quota")
    endpoints.model(name)
    endpoints.config(name, variant={"InstanceType": "ml.g5.4xlarge", "InitialInstanceCount": 2})
    message = refused(
        lambda: endpoints.client.create_endpoint(EndpointName=name, EndpointConfigName=name), "ResourceLimitExceeded"
    )
    assert "'ml.g5.4xlarge for endpoint usage' is 1 Instances" in message
    quotas = endpoints.sandbox.client("service-quotas")
    found = [
        quota["Value"]
        for page in quotas.get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker")
        for quota in page["Quotas"]
        if quota["QuotaName"] == "ml.g5.4xlarge for endpoint usage"
    ]
    assert found == [1.0]


def test_lists_are_filtered_sorted_and_paged(endpoints: Endpoints) -> None:
    stem = unique("pages")
    names = [f"{stem}-{letter}" for letter in "cab"]
    for name in names:
        endpoints.model(name)
        endpoints.config(name)
    for operation, rows, member in (
        ("list_models", "Models", "ModelName"),
        ("list_endpoint_configs", "EndpointConfigs", "EndpointConfigName"),
    ):
        pages = endpoints.client.get_paginator(operation).paginate(NameContains=stem, PaginationConfig={"PageSize": 2})
        assert [row[member] for page in pages for row in page[rows]] == names[::-1]
        listed = getattr(endpoints.client, operation)(NameContains=stem, SortBy="Name", SortOrder="Ascending")
        assert [row[member] for row in listed[rows]] == sorted(names)
    empty = endpoints.client.list_endpoints(StatusEquals="Failed", NameContains=stem)
    assert empty["Endpoints"] == []
    assert "pagination token" in refused(lambda: endpoints.client.list_models(NextToken="nonsense"))


def test_tags_of_all_three(endpoints: Endpoints) -> None:
    name = unique("tags")
    tag = {"Key": "who", "Value": "me"}
    arns = [endpoints.model(name), endpoints.config(name, Tags=[tag])]
    arns.append(endpoints.client.create_endpoint(EndpointName=name, EndpointConfigName=name, Tags=[tag])["EndpointArn"])
    assert [endpoints.client.list_tags(ResourceArn=arn)["Tags"] for arn in arns] == [[], [tag], [tag]]
    for arn in arns:
        endpoints.client.add_tags(ResourceArn=arn, Tags=[{"Key": "more", "Value": ""}])
        endpoints.client.delete_tags(ResourceArn=arn, TagKeys=["who"])
        assert endpoints.client.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "more", "Value": ""}]
    endpoints.settle(name)
    endpoints.drop(name)


def test_an_update_serves_the_new_model_and_a_bad_one_is_rolled_back(endpoints: Endpoints) -> None:
    name = endpoints.serve(unique("update"))
    other, broken = unique("other"), unique("bad")
    endpoints.model(other, ModelDataUrl=endpoints.uri)
    variant = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
    endpoints.config(other, variant=variant)
    endpoints.client.update_endpoint(EndpointName=name, EndpointConfigName=other)
    assert endpoints.ask(name)["predicted_label"] == ["up"]  # it is served while it is updated
    found = endpoints.settle(name)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", other)
    assert found["ProductionVariants"][0]["CurrentInstanceCount"] == 2

    endpoints.model(broken, ModelDataUrl=endpoints.put("bad/model.tar.gz", b"no archive"))
    endpoints.config(broken)
    endpoints.client.update_endpoint(EndpointName=name, EndpointConfigName=broken)
    found = endpoints.settle(name)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", other)
    assert "ping health check" in found["FailureReason"]
    assert endpoints.ask(name)["predicted_label"] == ["up"]
    endpoints.drop(name)


def test_a_serverless_endpoint_answers(endpoints: Endpoints) -> None:
    serverless = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
    name = endpoints.serve(unique("serverless"), variant=serverless)
    (variant,) = endpoints.describe(name)["ProductionVariants"]
    assert variant["CurrentServerlessConfig"] == serverless["ServerlessConfig"]
    assert endpoints.ask(name)["predicted_label"] == ["up"]
    endpoints.drop(name)


def test_what_is_not_implemented_does_not_reach_another_state(endpoints: Endpoints) -> None:
    weights = [{"VariantName": "AllTraffic", "DesiredWeight": 1}]
    for call in (
        lambda: endpoints.client.update_endpoint_weights_and_capacities(
            EndpointName="any", DesiredWeightsAndCapacities=weights
        ),
        lambda: endpoints.client.list_inference_components(),
        lambda: endpoints.runtime.invoke_endpoint_with_response_stream(EndpointName="any", Body=b"x"),
    ):
        assert "does not implement" in refused(call, "UnsupportedOperationException")


@needs_proc
def test_a_killed_sandbox_finds_its_endpoints_in_service(own: Endpoints) -> None:
    name = own.serve(unique("kept"))
    assert own.ask(name)["predicted_label"] == ["up"]
    own.start(fresh := unique("fresh"))
    own.s3.delete_object(Bucket=own.bucket, Key="signs/model.tar.gz")
    servers = _servers(own)
    own.sandbox.kill()
    until(lambda: not any(map(start_time, servers)))  # no process of a model outlives the sandbox
    own.sandbox.start()

    assert own.describe(name)["EndpointStatus"] == "InService"
    assert own.ask(name, "-1,-1")["predicted_label"] == ["down"]
    assert own.settle(fresh)["EndpointStatus"] in ("InService", "Failed")

    own.client.delete_endpoint(EndpointName=name)
    own.sandbox.kill()
    own.sandbox.start()
    until(lambda: not own.client.list_endpoints(NameContains=name)["Endpoints"])


@needs_proc
def test_a_model_process_that_is_killed_is_started_anew(own: Endpoints) -> None:
    name = own.serve(unique("killed"))
    (server,) = _servers(own)
    os.kill(server, signal.SIGKILL)
    with ThreadPoolExecutor(16) as pool:  # they start one process between them
        answers = list(pool.map(lambda row: own.ask(name, row)["predicted_label"], ["1,1", "-1,-1"] * 20))
    assert answers == [["up"], ["down"]] * 20
    assert len(_servers(own)) == 1
    other = own.serve(unique("other"))
    own.drop(other)
    assert len(_servers(own)) == 1
    assert own.sandbox.stop() == 0
    until(lambda: not _servers(own))


def _servers(endpoints: Endpoints) -> list[int]:
    """The processes of models that belong to a sandbox."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if "trainers.serve" in command and str(endpoints.sandbox.state_dir) in command:
                found.append(int(folder.name))
    return [pid for pid in found if start_time(pid)]
