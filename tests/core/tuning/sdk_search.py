"""Print what the SageMaker SDK v2 would send for searches: run by a Python that has it, offline.

Reads a list of `{model, version, estimator, fit, tuner}` on stdin and writes a list of requests. Its argument is the
folder with the catalog, laid out like JumpStart's content bucket; nothing else is answered.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any
from unittest import mock


def parameter(tried: Any) -> Any:
    from sagemaker.parameter import CategoricalParameter, ContinuousParameter, IntegerParameter

    if isinstance(tried, list):
        return CategoricalParameter(tried)
    kind = IntegerParameter if isinstance(tried["min"], int) and isinstance(tried["max"], int) else ContinuousParameter
    return kind(tried["min"], tried["max"], tried.get("scale", "Auto"))


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


def search(case: dict[str, Any]) -> dict[str, Any]:
    import boto3
    from sagemaker.jumpstart.estimator import JumpStartEstimator
    from sagemaker.session import Session
    from sagemaker.tuner import (
        HyperbandStrategyConfig,
        HyperparameterTuner,
        StrategyConfig,
        TuningJobCompletionCriteriaConfig,
        WarmStartConfig,
        WarmStartTypes,
    )

    client = mock.MagicMock()
    boto = boto3.Session(region_name="us-west-2", aws_access_key_id="a", aws_secret_access_key="b")
    session = Session(boto, sagemaker_client=client, default_bucket="my-sm-bucket")
    estimator = JumpStartEstimator(
        model_id=case["model"], model_version=case["version"], sagemaker_session=session, **case["estimator"]
    )
    tuner = dict(case["tuner"])
    if warm := tuner.pop("warm_start", None):
        tuner["warm_start_config"] = WarmStartConfig(WarmStartTypes[warm["type"]], set(warm["from"]))
    if done := tuner.pop("completion", None):
        tuner["completion_criteria_config"] = TuningJobCompletionCriteriaConfig(**done)
    ranges = {name: parameter(tried) for name, tried in tuner.pop("ranges", {}).items()}
    if hyperband := tuner.pop("hyperband", None):
        tuner["strategy_config"] = StrategyConfig(HyperbandStrategyConfig(**hyperband))
    tuner.setdefault("metric_definitions", estimator.metric_definitions)
    asked = HyperparameterTuner(estimator, hyperparameter_ranges=ranges or None, **tuner)
    asked.fit(case["fit"], job_name="search", wait=False)
    sent: dict[str, Any] = client.create_hyper_parameter_tuning_job.call_args.kwargs
    return sent


if __name__ == "__main__":
    with mock.patch("botocore.client.BaseClient._make_api_call", answer):
        json.dump([search(case) for case in json.load(sys.stdin)], sys.stdout)
