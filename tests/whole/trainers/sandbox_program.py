"""Customize a model of the sandbox with the SDK's SFTTrainer, and wait for the job's end.

Runs with the Python of an environment that has the SDK, unmodified: the environment variables name the endpoint. Reads
{"arguments", "hyperparameters"} from stdin, and prints the job's name.
"""

from __future__ import annotations

import json
import logging
import sys
import time

given = json.load(sys.stdin)
stdout, sys.stdout = sys.stdout, sys.stderr


def main() -> str:
    """Train, and return the job's name."""
    import boto3
    from sagemaker.core.helper.session_helper import Session
    from sagemaker.core.training.configs import StoppingCondition, TrainingJobCompute
    from sagemaker.train.common import TrainingType
    from sagemaker.train.sft_trainer import SFTTrainer

    logging.disable(logging.CRITICAL)
    # Without a bucket, it asks AWS's own STS for the account, whatever the endpoints are.
    session = Session(boto3.Session(), default_bucket=given.get("bucket"))
    arguments = dict(given["arguments"])
    if "compute" in arguments:
        arguments["compute"] = TrainingJobCompute(**arguments["compute"])
        arguments["stopping_condition"] = StoppingCondition(**arguments["stopping_condition"])
    trainer = SFTTrainer(sagemaker_session=session, training_type=TrainingType.LORA, **arguments)
    for name, value in given["hyperparameters"].items():
        setattr(trainer.hyperparameters, name, value)
    job = trainer.train(wait=False)
    name = str(job.training_job_name)
    client = boto3.client("sagemaker")
    while client.describe_training_job(TrainingJobName=name)["TrainingJobStatus"] == "InProgress":
        time.sleep(0.2)
    return name


stdout.write(json.dumps(main()))
