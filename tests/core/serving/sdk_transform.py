"""Print what the SageMaker SDK v2 would send for batch transforms: run by a Python that has it, offline.

Reads a list of `{model, version, type, artifact, transformer, transform}` on stdin and writes a list of
`{CreateModel, CreateTransformJob, estimator_image}`. Its argument is the folder with the catalog, laid out like
JumpStart's content bucket.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any
from unittest import mock

ROLE = "arn:aws:iam::123456789012:role/Train"


def answer(_client: Any, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Answer a call: S3 objects are files of the catalog."""
    from botocore.exceptions import ClientError

    if operation in ("ListBuckets", "HeadBucket"):
        return {"Buckets": [{"Name": "my-sm-bucket", "CreationDate": "2026-11-23"}]}
    file = Path(sys.argv[1], str(parameters.get("Key")))
    if operation not in ("GetObject", "HeadObject") or not file.is_file():
        if operation == "GetObject" and file.name.endswith("manifest.json"):
            return {"Body": io.BytesIO(b"[]"), "ETag": "none"}
        raise ClientError({"Error": {"Code": "404", "Message": f"offline: {parameters}"}}, operation)
    content = file.read_bytes()
    return {"Body": io.BytesIO(content), "ETag": hashlib.md5(content).hexdigest()}


def transform(case: dict[str, Any]) -> dict[str, Any]:
    import boto3
    from sagemaker.jumpstart.estimator import JumpStartEstimator
    from sagemaker.jumpstart.model import JumpStartModel
    from sagemaker.session import Session

    client = mock.MagicMock()
    boto = boto3.Session(region_name="us-west-2", aws_access_key_id="a", aws_secret_access_key="b")
    session = Session(boto, sagemaker_client=client, default_bucket="my-sm-bucket")
    about = {"model_id": case["model"], "model_version": case["version"], "role": ROLE, "sagemaker_session": session}
    model = JumpStartModel(**about, instance_type=case["type"], model_data=case["artifact"], name="mine")
    transformer = model.transformer(1, case["type"], **case["transformer"])
    transformer.transform(**case["transform"], job_name="mine", wait=False)
    return {
        "CreateModel": client.create_model.call_args.kwargs,
        "CreateTransformJob": client.create_transform_job.call_args.kwargs,
        "estimator_image": JumpStartEstimator(**about).training_image_uri(),
    }


if __name__ == "__main__":
    with mock.patch("botocore.client.BaseClient._make_api_call", answer):
        json.dump([transform(case) for case in json.load(sys.stdin)], sys.stdout)
