"""Train (or attach to a job), deploy and ask a model of the sandbox with the SageMaker Python SDK v2, unmodified.

Runs with the Python of an environment that has the SDK; the environment variables name the endpoint. Reads {"model",
"version", "bucket", "job", "role", "training", "hyperparameters", "instance", "asked"} from stdin; "asked" is a list of
{"body", "accept"} with bodies in base64. Prints the answers, the name of the endpoint, and what is left after deleting.
"""

from __future__ import annotations

import base64
import json
import logging
import sys
from typing import Any

given = json.load(sys.stdin)
stdout, sys.stdout = sys.stdout, sys.stderr


def main() -> dict[str, Any]:
    """Deploy and ask."""
    import boto3
    from sagemaker.jumpstart.estimator import JumpStartEstimator
    from sagemaker.session import Session

    logging.disable(logging.CRITICAL)
    session = Session(boto3.Session(), default_bucket=given["bucket"])
    if given.get("job"):
        estimator = JumpStartEstimator.attach(
            given["job"], given["model"], model_version=given["version"], sagemaker_session=session
        )
    else:
        estimator = JumpStartEstimator(
            model_id=given["model"],
            model_version=given["version"],
            role=given["role"],
            instance_type="ml.g4dn.xlarge",
            hyperparameters=given["hyperparameters"],
            sagemaker_session=session,
        )
        estimator.fit({"training": given["training"]}, logs=False)
    predictor = estimator.deploy(instance_type=given["instance"])
    answers = []
    for each in given["asked"]:
        predictor.accept = each["accept"]
        body = base64.b64decode(each["body"])
        # The SDK's serializer for text/csv takes bytes for a row of numbers.
        answers.append(predictor.predict(body.decode() if predictor.content_type == "text/csv" else body))
    predictor.delete_model()
    predictor.delete_endpoint()
    client = boto3.client("sagemaker")
    return {
        "endpoint": predictor.endpoint_name,
        "answers": answers,
        "content_type": predictor.content_type,
        "models": [each["ModelName"] for each in client.list_models()["Models"]],
        "configs": [each["EndpointConfigName"] for each in client.list_endpoint_configs()["EndpointConfigs"]],
    }


stdout.write(json.dumps(main()))
