"""Run trainers of sagemaker-train and print the CreateTrainingJob request of each.

Runs with the Python of an environment that has the SDK, unmodified: only the HTTP connection below botocore answers
from here. Reads {"model", "document", "parameters", "templates", "cases", "programs"} from stdin; a case is {"trainer",
"arguments", "hyperparameters"}, a program the source of one. A case with "recipe" instead of a trainer is one of
ModelTrainer.from_recipe. Prints {"requests", "recipes"}: the requests, those of the programs last, and the recipe that
was put into S3 for each; empty for none.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import tempfile
from typing import Any
from urllib.parse import urlsplit

REGION, ACCOUNT = "us-west-2", "123456789012"
os.environ.update(
    AWS_DEFAULT_REGION=REGION,
    AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY="secret",
    AWS_EC2_METADATA_DISABLED="true",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
)

import botocore.awsrequest  # noqa: E402
import botocore.httpsession  # noqa: E402
import requests as requests_library  # noqa: E402

given = json.load(sys.stdin)
requests: list[dict[str, Any]] = []
recipes: list[str] = []
uploads: dict[str, str] = {}
HUB = f"arn:aws:sagemaker:{REGION}:aws:hub/SageMakerPublicHub"
CONTENT = f"arn:aws:sagemaker:{REGION}:aws:hub-content/SageMakerPublicHub/Model/{given['model']}/{given['version']}"
GROUP = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/my-models"
LISTING = "<ListBucketResult><KeyCount>1</KeyCount><Contents><Key>x</Key><Size>1</Size></Contents></ListBucketResult>"
RECORD = '{"prompt": "a", "completion": "b"}\n'


class Raw(io.BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, amount: int = 65536, **_: Any) -> Any:
        """Yield the body."""
        while part := self.read(amount):
            yield part


def hub_content(_: Any) -> dict[str, Any]:
    return {
        "HubContentName": given["model"],
        "HubContentArn": CONTENT,
        "HubContentVersion": given["version"],
        "HubContentType": "Model",
        "DocumentSchemaVersion": "2.0.0",
        "HubName": "SageMakerPublicHub",
        "HubArn": HUB,
        "HubContentDocument": json.dumps(given["document"]),
        "HubContentStatus": "Available",
        "CreationTime": 1.7e9,
    }


def package(asked: Any) -> dict[str, Any]:
    base = {"HubContentName": given["model"], "HubContentVersion": given["version"]}
    return {
        "ModelPackageName": "my-models",
        "ModelPackageGroupName": "my-models",
        "ModelPackageArn": asked["ModelPackageName"],
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "CreationTime": 1.7e9,
        "InferenceSpecification": {"Containers": [{"BaseModel": base}]},
    }


def create(asked: Any) -> dict[str, Any]:
    requests.append(asked)
    # Now, because jobs of the same second have the same name.
    sources = [entry["DataSource"]["S3DataSource"]["S3Uri"] for entry in asked["InputDataConfig"]]
    recipes.append(next((uploads[uri] for uri in sources if uri in uploads), ""))
    return {"TrainingJobArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:training-job/{asked['TrainingJobName']}"}


def described(asked: Any) -> dict[str, Any]:
    return {
        "TrainingJobName": asked["TrainingJobName"],
        "TrainingJobArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:training-job/{asked['TrainingJobName']}",
        "TrainingJobStatus": "InProgress",
        "SecondaryStatus": "Starting",
        "CreationTime": 1.7e9,
        "ModelArtifacts": {"S3ModelArtifacts": "s3://b/k"},
    }


SAGEMAKER = {
    "DescribeHubContent": hub_content,
    "DescribeModelPackage": package,
    "DescribeModelPackageGroup": lambda _: {
        "ModelPackageGroupName": "my-models",
        "ModelPackageGroupArn": GROUP,
        "CreationTime": 1.7e9,
        "CreatedBy": {},
        "ModelPackageGroupStatus": "Completed",
    },
    "ListMlflowApps": lambda _: {"Summaries": []},
    "CreateTrainingJob": create,
    "DescribeTrainingJob": described,
}


def stored(text: str) -> str:
    """Return the text that a PutObject sends, which may come in chunks with a checksum."""
    if "x-amz-checksum" not in text:
        return text
    size, _, rest = text.partition("\r\n")
    return rest[: int(size.partition(";")[0], 16)]


def answer(request: Any) -> tuple[int, bytes, dict[str, str]]:
    """Answer as AWS would."""
    host = urlsplit(request.url).netloc
    target = request.headers.get("X-Amz-Target", b"")
    target = target.decode() if isinstance(target, bytes) else target
    sent = request.body.read() if hasattr(request.body, "read") else request.body or b""
    body = sent if isinstance(sent, bytes) else sent.encode()
    if target.startswith("SageMaker."):
        found = SAGEMAKER[target.partition(".")[2]](json.loads(body or b"{}"))
        return 200, json.dumps(found).encode(), {"Content-Type": "application/x-amz-json-1.1"}
    if host.startswith("sts."):
        result = f"<Arn>arn:aws:iam::{ACCOUNT}:user/u</Arn><UserId>U</UserId><Account>{ACCOUNT}</Account>"
        return 200, response("GetCallerIdentity", result), {}
    if host.startswith("iam."):
        return answer_iam(body)
    return answer_s3(request.method, request.url, body)


def response(name: str, result: str) -> bytes:
    return f"<{name}Response><{name}Result>{result}</{name}Result></{name}Response>".encode()


def answer_iam(body: bytes) -> tuple[int, bytes, dict[str, str]]:
    """Deny the role SageMaker's default bucket, so that the SDK puts its files under the output; tell nothing else."""
    if b"SimulatePrincipalPolicy" in body and b"sagemaker-us-west-2" in body:
        verdict = "<EvalActionName>s3:PutObject</EvalActionName><EvalDecision>implicitDeny</EvalDecision>"
        result = f"<EvaluationResults><member>{verdict}</member></EvaluationResults><IsTruncated>false</IsTruncated>"
        return 200, response("SimulatePrincipalPolicy", result), {}
    return 403, b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>", {}


def answer_s3(method: str, url: str, body: bytes) -> tuple[int, bytes, dict[str, str]]:
    """Answer for the buckets; every object is there."""
    host, path = urlsplit(url).netloc, urlsplit(url).path
    name = path.rpartition("/")[2]
    if path == "/" and host.startswith("s3."):
        bucket = f"<Name>sagemaker-{REGION}-{ACCOUNT}</Name><CreationDate>2026-01-01T00:00:00Z</CreationDate>"
        listed = f"<Buckets><Bucket>{bucket}</Bucket></Buckets>"
        return 200, f"<ListAllMyBucketsResult>{listed}</ListAllMyBucketsResult>".encode(), {}
    if method == "PUT":
        uploads[f"s3://{host.partition('.')[0]}{path}"] = stored(body.decode())
        return 200, b"", {"ETag": '"1"'}
    if method == "HEAD":
        size = len(given["templates"].get(name, "0123456789"))
        return 200, b"", {"Content-Length": str(size), "x-amz-bucket-region": REGION, "ETag": '"1"'}
    if "list-type" in url:
        return 200, LISTING.encode(), {}
    if name in given["parameters"]:
        return 200, json.dumps(given["parameters"][name]).encode(), {}
    text = given["templates"].get(name, "") if name.endswith(".yaml") else RECORD
    return 200, text.encode(), {"Content-Length": str(len(text)), "ETag": '"1"'}


def send(_: Any, request: Any) -> Any:
    status, body, headers = answer(request)
    return botocore.awsrequest.AWSResponse(request.url, status, botocore.awsrequest.HeadersDict(headers), Raw(body))


def refuse(*_: Any, **__: Any) -> Any:
    """Refuse what is not AWS's: the SDK's own telemetry."""
    raise requests_library.ConnectionError("no network in this test")


botocore.httpsession.URLLib3Session.send = send
requests_library.Session.send = refuse  # type: ignore[method-assign]


def main() -> None:
    """Run every case."""
    import boto3
    from sagemaker.core.helper.session_helper import Session
    from sagemaker.core.shapes import VpcConfig
    from sagemaker.core.training.configs import TrainingJobCompute
    from sagemaker.train import configs, dpo_trainer, rlaif_trainer, rlvr_trainer, sft_trainer
    from sagemaker.train.common import TrainingType

    logging.disable(logging.CRITICAL)
    trainers = {
        "SFT": sft_trainer.SFTTrainer,
        "DPO": dpo_trainer.DPOTrainer,
        "RLVR": rlvr_trainer.RLVRTrainer,
        "RLAIF": rlaif_trainer.RLAIFTrainer,
    }
    session = Session(boto3.Session(region_name=REGION))
    for case in given["cases"]:
        if "recipe" in case:
            from_recipe(session, case)
            continue
        arguments = dict(case["arguments"])
        if "compute" in arguments:
            arguments["compute"] = TrainingJobCompute(**arguments["compute"])
        # The enumeration: 1.27 sends the text "FULL" as a Peft that the API does not know.
        arguments["training_type"] = TrainingType(arguments["training_type"])
        if "networking" in arguments:
            arguments["networking"] = VpcConfig(**arguments["networking"])
        if "stopping_condition" in arguments:
            arguments["stopping_condition"] = configs.StoppingCondition(**arguments["stopping_condition"])
        trainer = trainers[case["trainer"]](sagemaker_session=session, **arguments)
        for name, value in case["hyperparameters"].items():
            setattr(trainer.hyperparameters, name, value)
        trainer.train(wait=False)
    for source in given["programs"]:
        exec(compile(source, "program.py", "exec"), {"__name__": "__main__"})


def from_recipe(session: Any, case: Any) -> None:
    """Launch a rendered recipe, with the choices that the trainers do not pass on."""
    from sagemaker.core import shapes
    from sagemaker.core.training import configs
    from sagemaker.train import ModelTrainer

    made = {
        "compute": configs.Compute,
        "networking": configs.Networking,
        "stopping_condition": configs.StoppingCondition,
        "checkpoint_config": shapes.CheckpointConfig,
        "output_data_config": shapes.OutputDataConfig,
    }
    arguments = {name: made[name](**value) if name in made else value for name, value in case["arguments"].items()}
    sources = [
        configs.InputData(channel_name=name, data_source=shapes.S3DataSource(**source))
        for name, source in case["channels"].items()
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(case["recipe"])
        file.flush()
        trainer = ModelTrainer.from_recipe(
            training_recipe=file.name, sagemaker_session=session, input_data_config=sources, **arguments
        )
        trainer.train(wait=False, logs=False)


stdout, sys.stdout = sys.stdout, sys.stderr
main()
stdout.write(json.dumps({"requests": requests, "recipes": recipes}))
