"""Deploying and tearing down against a server that speaks SageMaker's API, interruptions included."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from typing import Any, cast
from unittest.mock import patch

import pytest

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.endpoint import EndpointStatus
from jsft_tui.core.serving.invoke.payloads import Invocation
from jsft_tui.core.serving.teardown import Leftovers
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.serving.deploying import Deploying
from jsft_tui.services.serving.endpoints import Endpoints
from tests.common.servers.sagemaker_server import REGION, SPEC, client
from tests.services.serving.deploys import MODEL, NOW, OneModel, Place, job, planned

pytestmark = pytest.mark.sandbox


def test_a_deployed_job_is_listed_and_torn_down_without_a_rest(place: Place) -> None:
    plan = planned(place, lifetime_seconds=3600)

    deployed = place.deploying.send(plan)

    assert deployed.created == ("model", "endpoint configuration", "endpoint")
    (found,) = place.endpoints.all()
    assert (found.name, found.job, found.model_id, found.instances) == (
        "my-job",
        "my-job",
        MODEL.model_id,
        {"ml.m5.large": 1},
    )
    assert found.expires == NOW + 3600
    assert [each.name for each in place.endpoints.expired(NOW + 3601)] == ["my-job"]
    assert place.endpoints.expired(NOW) == []

    place.endpoints.delete(place.endpoints.teardown("my-job"))

    assert place.left == ([], [], [])


def test_deploying_again_finds_the_endpoint(place: Place) -> None:
    place.deploying.send(planned(place))

    assert place.deploying.send(planned(place)).created == ()
    assert place.left == (["my-job"],) * 3


@pytest.mark.parametrize(
    ("status", "code"),
    [(EndpointStatus.FAILED, "EndpointFailed"), (EndpointStatus.DELETING, "EndpointDeleting")],
)
def test_an_endpoint_that_has_failed_or_goes_is_not_there(place: Place, status: EndpointStatus, code: str) -> None:
    place.deploying.send(planned(place))

    with patch.object(EndpointStatus, "parse", lambda _: status):
        findings = {finding.check: finding.level for finding in place.deploying.check(planned(place), ["name"])}
        with pytest.raises(Problem) as refused:
            place.deploying.send(planned(place))

    assert findings == {"name": Level.BLOCK}
    assert refused.value.code == code


def test_an_interrupted_deploy_is_finished_by_repeating_it(place: Place) -> None:
    requests = planned(place).requests
    place.account.serving.create_model(requests.model)
    place.account.serving.create_config(requests.config)
    assert place.endpoints.leftovers() == Leftovers(("my-job",), ("my-job",))

    assert place.deploying.send(planned(place)).created == ("endpoint",)


def test_an_interrupted_teardown_is_finished_by_repeating_it(place: Place) -> None:
    place.deploying.send(planned(place))
    place.account.serving.delete_endpoint("my-job")

    place.endpoints.delete(place.endpoints.teardown("my-job"))

    assert place.left == ([], [], [])
    with pytest.raises(Problem) as gone:
        place.endpoints.teardown("my-job")
    assert gone.value.code == "NoSuchEndpoint"


def test_the_name_of_something_else_is_not_taken(place: Place) -> None:
    place.deploying.send(planned(place))
    other = planned(place, instance_type="ml.m5.xlarge")

    findings = {finding.check: finding.level for finding in place.deploying.check(other)}
    with pytest.raises(Problem) as refused:
        place.deploying.send(other)

    assert findings["name"] is Level.BLOCK
    assert refused.value.code == "NameTaken"


def test_a_model_that_is_gone_blocks_before_anything_is_created(place: Place) -> None:
    findings = {finding.check: finding.level for finding in place.deploying.check(planned(place))}

    assert findings["artifact"] is Level.BLOCK
    assert findings["name"] is Level.PASS


def test_a_read_only_session_creates_and_deletes_nothing(place: Place) -> None:
    refused = Problem("ReadOnly", "no.")
    deploying = Deploying(place.account, cast(Catalog, OneModel()), place.inputs, refused)
    place.deploying.send(planned(place))

    with pytest.raises(Problem, match="no"):
        deploying.send(planned(place, name="other"))
    with pytest.raises(Problem, match="no"):
        Endpoints(place.account, refused).delete(place.endpoints.teardown("my-job"))

    assert place.left == (["my-job"],) * 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"TrainingJobStatus": "Failed"}, "JobNotCompleted"),
        ({"ModelArtifacts": {}}, "NoArtifact"),
        ({"ServerlessJobConfig": {"JobType": "FineTuning"}}, "CustomizationNotDeployable"),
    ],
    ids=["failed", "without a model", "customization"],
)
def test_a_job_without_a_model_is_refused(place: Place, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Problem) as refused:
        place.deploying.plan(job(**changes), Deployment("", ""), NOW)

    assert refused.value.code == code


def archive(**members: str) -> bytes:
    """A tar.gz; two underscores in a name are a slash, three a dot."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as target:
        for name, text in members.items():
            found = tarfile.TarInfo(name.replace("___", ".").replace("__", "/"))
            found.size = len(text)
            target.addfile(found, io.BytesIO(text.encode()))
    return written.getvalue()


def test_code_is_packed_into_a_model_that_needs_it(place: Place) -> None:
    spec = ModelSpec.parse(
        {**SPEC, "hosting_prepacked_artifact_key": None, "hosting_script_key": "code/sourcedir.tar.gz"}
    )
    plan = replace(planned(place), spec=spec)
    s3 = client(place.url, "s3")
    content = f"jumpstart-cache-prod-{REGION}"
    s3.create_bucket(Bucket=content, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=content, Key="code/sourcedir.tar.gz", Body=archive(inference___py="new", helper___txt="more"))
    model = archive(model___joblib="weights", code__inference___py="old")
    s3.put_object(Bucket="my-bucket", Key="my-job/output/model.tar.gz", Body=model)

    place.deploying.send(plan)

    described = client(place.url, "sagemaker").describe_model(ModelName="my-job")["PrimaryContainer"]
    assert described["ModelDataUrl"] == "s3://my-bucket/my-job/model.tar.gz"
    packed = s3.get_object(Bucket="my-bucket", Key="my-job/model.tar.gz")["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(packed)) as found:
        contents = {each.name: found.extractfile(each).read() for each in found}  # type: ignore[union-attr]
    assert contents == {"model.joblib": b"weights", "code/inference.py": b"new", "code/helper.txt": b"more"}


def test_a_model_that_is_no_archive_creates_nothing(place: Place) -> None:
    spec = ModelSpec.parse(
        {**SPEC, "hosting_prepacked_artifact_key": None, "hosting_script_key": "code/sourcedir.tar.gz"}
    )
    s3 = client(place.url, "s3")
    content = f"jumpstart-cache-prod-{REGION}"
    s3.create_bucket(Bucket=content, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=content, Key="code/sourcedir.tar.gz", Body=b"x")
    s3.put_object(Bucket="my-bucket", Key="my-job/output/model.tar.gz", Body=b"x")

    with pytest.raises(Problem) as refused:
        place.deploying.send(replace(planned(place), spec=spec))

    assert refused.value.code == "CannotRepack"
    assert place.left == ([], [], [])


def test_an_endpoint_is_invoked(place: Place) -> None:
    place.deploying.send(planned(place))

    answer = place.account.serving.invoke("my-job", Invocation("text/csv", "application/json", b"1,2"))

    assert isinstance(answer, bytes) and answer
