"""A DescribeTrainingJob response of boto3, for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

CREATED = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
STARTED = CREATED + timedelta(seconds=90)
ENDED = STARTED + timedelta(seconds=600)
ARN = "arn:aws:sagemaker:us-west-2:123456789012:training-job/flowers-1"


def answer() -> dict[str, Any]:
    """Build a completed job."""
    return {
        "TrainingJobName": "flowers-1",
        "TrainingJobArn": ARN,
        "ModelArtifacts": {"S3ModelArtifacts": "s3://my-output/flowers-1/output/model.tar.gz"},
        "TrainingJobStatus": "Completed",
        "SecondaryStatus": "Completed",
        "HyperParameters": {"epochs": '"5"', "learning_rate": '"0.001"', "sagemaker_program": '"transfer_learning.py"'},
        "AlgorithmSpecification": {
            "TrainingImage": "image",
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "val-accuracy", "Regex": "val_accuracy: ([0-9\\.]+)"}],
        },
        "RoleArn": "arn:aws:iam::123456789012:role/Train",
        "InputDataConfig": [
            {"ChannelName": "training", "DataSource": {"S3DataSource": {"S3Uri": "s3://my-data/flowers/"}}},
            {"ChannelName": "model", "DataSource": {"S3DataSource": {"S3Uri": "s3://weights/model.tar.gz"}}},
        ],
        "OutputDataConfig": {"KmsKeyId": "", "S3OutputPath": "s3://my-output", "CompressionType": "GZIP"},
        "ResourceConfig": {"InstanceType": "ml.g5.2xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 21_600},
        "CreationTime": CREATED,
        "TrainingStartTime": STARTED,
        "TrainingEndTime": ENDED,
        "LastModifiedTime": ENDED,
        "SecondaryStatusTransitions": [
            {"Status": "Starting", "StartTime": CREATED, "EndTime": STARTED, "StatusMessage": "Preparing"},
            {"Status": "Training", "StartTime": STARTED, "EndTime": ENDED, "StatusMessage": "In progress"},
        ],
        "FinalMetricDataList": [{"MetricName": "val-accuracy", "Value": 0.93, "Timestamp": ENDED}],
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
        "EnableManagedSpotTraining": False,
        "TrainingTimeInSeconds": 600,
        "BillableTimeInSeconds": 600,
        "ResponseMetadata": {"HTTPStatusCode": 200},
    }
