"""A server that keeps models, endpoint configurations and endpoints as SageMaker does (moto), with a trained job."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.request import Request, urlopen

import boto3

from jsft_tui.core.catalog.job_tags import MODEL_ID_TAG, MODEL_VERSION_TAG

REGION = "us-west-2"
BUCKET = "my-bucket"
JOB = "my-job"
KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
SPEC: dict[str, Any] = {
    "model_id": "pytorch-ic-a",
    "version": "1.0.0",
    "training_supported": True,
    "hosting_prepacked_artifact_key": "prepacked/",
    "default_inference_instance_type": "ml.m5.large",
    "supported_inference_instance_types": ["ml.m5.large"],
    "hosting_instance_type_variants": {
        "regional_aliases": {REGION: {"cpu": f"763104351884.dkr.ecr.{REGION}.amazonaws.com/pytorch-inference:2"}},
        "variants": {"m5": {"regional_properties": {"image_uri": "$cpu"}}},
    },
}


_PROGRAM = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdout = sys.stderr
sys.stdin.read()
"""
"""It ends when the tests do. moto writes on stdout about what it lacks, so it has a process of its own."""


@cache
def _url() -> str:
    """Start the server on first use; return its URL."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    atexit.register(process.kill)
    assert process.stdout is not None
    return f"http://127.0.0.1:{int(process.stdout.readline())}"


@contextmanager
def sagemaker_server() -> Iterator[str]:
    """Yield the URL of the server, which is empty but for the bucket of the job."""
    url = _url()
    with urlopen(Request(f"{url}/moto-api/reset", method="POST")):
        _make_bucket(client(url, "s3"), BUCKET)
    yield url


def client(url: str, service: str) -> Any:
    """A client of the server."""
    return boto3.client(service, endpoint_url=url, region_name=REGION, **KEYS)


def put_job(url: str) -> None:
    """Add the model's spec, a job that trained it, and its model."""
    s3, content, key = client(url, "s3"), f"jumpstart-cache-prod-{REGION}", "community_models/a/specs_v1.0.0.json"
    _make_bucket(s3, content)
    entry = {"model_id": SPEC["model_id"], "version": SPEC["version"], "min_version": "2.0.0", "spec_key": key}
    s3.put_object(Bucket=content, Key="models_manifest.json", Body=json.dumps([entry]))
    s3.put_object(Bucket=content, Key=key, Body=json.dumps(SPEC))
    s3.put_object(Bucket=BUCKET, Key=f"{JOB}/output/model.tar.gz", Body=b"model")
    client(url, "sagemaker").create_training_job(
        TrainingJobName=JOB,
        RoleArn="arn:aws:iam::123456789012:role/Train",
        AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/"},
        ResourceConfig={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
        Tags=[
            {"Key": MODEL_ID_TAG, "Value": SPEC["model_id"]},
            {"Key": MODEL_VERSION_TAG, "Value": SPEC["version"]},
        ],
    )


def _make_bucket(s3: Any, name: str) -> None:
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})


def put_answer(url: str, body: str) -> None:
    """Let the next call of an endpoint be answered with this."""
    document = {"region": REGION, "results": [{"Body": body, "ContentType": "application/json"}]}
    address = f"{url}/moto-api/static/sagemaker/endpoint-results"
    with urlopen(Request(address, json.dumps(document).encode(), {"Content-Type": "application/json"}, method="POST")):
        pass
