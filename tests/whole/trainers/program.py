"""Run trainers of sagemaker-train and print the CreateTrainingJob request of each.

Runs with the Python of an environment that has the SDK, unmodified: only the HTTP connection below botocore answers
from here. Reads {"model", "document", "parameters", "cases", "programs"} from stdin; a case is {"trainer", "arguments",
"hyperparameters"}, a program the source of one. Prints a list of requests, those of the programs last.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
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


def answer(request: Any) -> tuple[int, bytes, dict[str, str]]:
    """Answer as AWS would."""
    host, path = urlsplit(request.url).netloc, urlsplit(request.url).path
    target = request.headers.get("X-Amz-Target", b"")
    target = target.decode() if isinstance(target, bytes) else target
    body = request.body or b""
    body = body if isinstance(body, bytes) else body.encode()
    if target.startswith("SageMaker."):
        found = SAGEMAKER[target.partition(".")[2]](json.loads(body or b"{}"))
        return 200, json.dumps(found).encode(), {"Content-Type": "application/x-amz-json-1.1"}
    if host.startswith("sts."):
        result = f"<Arn>arn:aws:iam::{ACCOUNT}:user/u</Arn><UserId>U</UserId><Account>{ACCOUNT}</Account>"
        name = "GetCallerIdentity"
        return 200, f"<{name}Response><{name}Result>{result}</{name}Result></{name}Response>".encode(), {}
    if host.startswith("iam."):
        return 403, b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>", {}
    if request.method == "HEAD":
        return 200, b"", {"Content-Length": "10", "x-amz-bucket-region": REGION}
    if "list-type" in request.url:
        return 200, LISTING.encode(), {}
    for name, document in given["parameters"].items():
        if path.endswith(f"/{name}"):
            return 200, json.dumps(document).encode(), {}
    return 200, (b"" if path.endswith(".yaml") else RECORD.encode()), {}


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
        arguments = dict(case["arguments"])
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


stdout, sys.stdout = sys.stdout, sys.stderr
main()
stdout.write(json.dumps(requests))
