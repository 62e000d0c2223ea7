"""The failure table of jumpstart-facts §6.2, row by row: each is known, has a remedy, and carries its fixes."""

from __future__ import annotations

import pytest

from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.jobs.failures import PATTERNS, diagnose
from jsft_tui.core.jobs.training_job import TrainingJob
from tests.core.jobs.examples import answer

ROLE = "arn:aws:iam::123456789012:role/Train"
CREATE = "An error occurred ({}) when calling the CreateTrainingJob operation: "
DENIED = CREATE.format("AccessDeniedException") + (
    "User: arn:aws:sts::123456789012:assumed-role/Dev/ana is not authorized to perform: {} on resource: {}"
)
JOB = "arn:aws:sagemaker:us-west-2:123456789012:training-job/x"

# Row of the table, text, code, what can be applied, a word of the remedy.
ROWS: list[tuple[int, str, str, tuple[FixKind, ...], str]] = [
    (
        1,
        CREATE.format("ResourceLimitExceeded") + "The account-level service limit 'ml.p3.2xlarge for training job "
        "usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances. Please "
        "use AWS Service Quotas to request an increase for this quota.",
        "Quota",
        (FixKind.NEXT_INSTANCE,),
        "Service Quotas",
    ),
    (
        2,
        CREATE.format("ResourceLimitExceeded") + "The account-level service limit 'Number of instances across all "
        "processing jobs' is 4 Instances, with current utilization of 4 Instances and a request delta of 1 Instances.",
        "ProcessingQuota",
        (),
        "profiler",
    ),
    (
        3,
        CREATE.format("ValidationException") + 'No S3 objects found under S3 URL "s3://bucket/flowrs/" given in input '
        "data source. Please ensure that the bucket exists in the selected region (us-west-2), that objects exist "
        f'under that S3 prefix, and that the role "{ROLE}" has "s3:ListBucket" permissions on bucket "bucket".',
        "NoData",
        (),
        "role",
    ),
    (
        4,
        CREATE.format("ValidationException") + f"Could not assume role {ROLE}. Please ensure that the role exists and "
        "allows principal 'sagemaker.amazonaws.com' to assume the role.",
        "RoleTrust",
        (),
        "trust policy",
    ),
    (5, DENIED.format("iam:PassRole", ROLE), "PassRole", (), "iam:PassRole"),
    (6, DENIED.format("sagemaker:CreateTrainingJob", JOB), "AccessDenied", (), "sagemaker:CreateTrainingJob"),
    (6, DENIED.format("sagemaker:AddTags", JOB), "AddTags", (), "sagemaker:AddTags"),
    (
        6,
        DENIED.format("sagemaker:CreateTrainingJob", JOB) + " with an explicit deny in a service control policy",
        "ExplicitDeny",
        (),
        "administrator",
    ),
    (
        7,
        CREATE.format("ResourceInUse") + "Training job names must be unique within an AWS account and region, and a "
        f"training job with this name already exists ({JOB})",
        "NameTaken",
        (FixKind.NEW_NAME,),
        "another name",
    ),
    (
        8,
        "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance "
        "type.",
        "Capacity",
        (FixKind.NEXT_INSTANCE,),
        "later",
    ),
    (
        8,
        "CapacityError: Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. "
        "Please retry using a different ML instance type or after some time.",
        "Capacity",
        (FixKind.NEXT_INSTANCE,),
        "later",
    ),
    (9, "InternalServerError: We encountered an internal error. Please try again.", "InternalError", (), "again"),
    (
        10,
        "ClientError: Please use an instance type with more memory, or reduce the size of job data processed on an "
        "instance.",
        "HostMemory",
        (FixKind.MORE_MEMORY,),
        "more memory",
    ),
    (
        11,
        "ClientError: Artifact upload failed:ClientError: Out of Memory. Please use a larger instance",
        "UploadMemory",
        (FixKind.MORE_MEMORY,),
        "more memory",
    ),
    (
        12,
        "ClientError: Artifact upload failed:Unable to upload file to s3://https:/out/x/output/model.tar.gz "
        "(BucketRegionError: bucket must be in the same region as the job)",
        "BucketRegion",
        (),
        "s3://bucket",
    ),
    (
        13,
        "ClientError: Data download failed:Unable to download object s3://jumpstart-private-cache-prod-us-west-2/"
        "meta-training/g5/v1.0.0/train-meta-textgeneration-llama-2-7b.tar.gz (AccessDenied: Access Denied)",
        "DownloadDenied",
        (FixKind.ACCEPT_EULA,),
        "EULA",
    ),
    (
        14,
        'AlgorithmError: framework error: \nTraceback (most recent call last):\n  File "/usr/local/lib/python3.10/'
        'site-packages/sagemaker_training/trainer.py", line 88, in train\nKeyError: "labels"',
        "Script",
        (),
        "log",
    ),
    (
        15,
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "RuntimeError: CUDA out of memory. Tried '
        'to allocate 2.00 GiB (GPU 0; 22.20 GiB total capacity; 20.10 GiB already allocated)"\nCommand "python '
        'transfer_learning.py", exit code: 1',
        "GpuMemory",
        (FixKind.HALVE_BATCH, FixKind.MORE_GPU_MEMORY),
        "batch",
    ),
    (
        15,
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "torch.OutOfMemoryError: Allocation on '
        'device 0 would exceed allowed memory."',
        "GpuMemory",
        (FixKind.HALVE_BATCH, FixKind.MORE_GPU_MEMORY),
        "batch",
    ),
    (
        16,
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "OSError: [Errno 28] No space left on '
        'device"',
        "Disk",
        (FixKind.RAISE_DISK,),
        "volume_gb",
    ),
    (
        16,
        "ClientError: Data download failed:Insufficient disk space to download s3://bucket/big/",
        "Disk",
        (FixKind.RAISE_DISK,),
        "volume_gb",
    ),
    (
        17,
        CREATE.format("ValidationException") + "KMS key is not supported for NVMe instance storage. Please remove "
        "VolumeKmsKeyId from the request.",
        "VolumeKey",
        (FixKind.DROP_VOLUME_KEY,),
        "kms.volume",
    ),
    (18, CREATE.format("ThrottlingException") + "Rate exceeded", "Throttled", (), "Wait"),
    (
        19,
        "An error occurred (ValidationException) when calling the StopTrainingJob operation: The request was rejected "
        "because the training job is in status Completed.",
        "AlreadyEnded",
        (),
        "nothing to stop",
    ),
    (
        19,
        "An error occurred (ValidationException) when calling the UpdateTrainingJob operation: Could not find job to "
        "update with name flowers",
        "NoSuchJob",
        (),
        "region",
    ),
    (
        19,
        "An error occurred (ValidationException) when calling the DescribeTrainingJob operation: Requested resource "
        "not found.",
        "NoSuchJob",
        (),
        "region",
    ),
    (20, "\nMaxRuntimeExceeded", "MaxRuntime", (FixKind.LONGER_RUN,), "max_runtime"),
    (21, "\nMaxWaitTimeExceeded", "MaxWait", (FixKind.LONGER_WAIT,), "max_wait"),
    (
        22,
        "ClientError: The subnet(s) [subnet-0a1b] do not have enough private IP addresses: a training job needs at "
        "least 2 private IP addresses per instance.",
        "Network",
        (),
        "two free addresses",
    ),
    (
        22,
        "ClientError: Data download failed:Please ensure that the subnet's VPC has an S3 VPC endpoint or a NAT.",
        "Network",
        (),
        "S3 gateway endpoint",
    ),
    (22, "ValidationException: Subnets must be in a VPC of default tenancy.", "Network", (), "default tenancy"),
    (
        23,
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "AssertionError: Found json files for '
        'categorical indexes more than 1."',
        "Dataset",
        (),
        "jsft lint",
    ),
    (
        23,
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "ValueError: could not convert string to '
        "float: 'yes'\"",
        "Dataset",
        (),
        "jsft lint",
    ),
    (
        23,
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "ValueError: Labels must be integers"',
        "Dataset",
        (),
        "jsft lint",
    ),
    (
        24,
        "An error occurred (ExpiredToken) when calling the ListTrainingJobs operation: The security token included in "
        "the request is expired",
        "Credentials",
        (),
        "aws sso login",
    ),
    (
        24,
        "An error occurred (UnrecognizedClientException) when calling the ListTrainingJobs operation: The security "
        "token included in the request is invalid.",
        "Credentials",
        (),
        "aws sso login",
    ),
    (24, "NoCredentials: Unable to locate credentials", "Credentials", (), "aws sso login"),
    (
        24,
        "The SSO session associated with this profile has expired or is otherwise invalid.",
        "Credentials",
        (),
        "aws sso login",
    ),
    (
        25,
        "UnknownParameterInStructure: Unknown parameter in InputDataConfig[1].DataSource.S3DataSource: "
        '"ModelAccessConfig", must be one of: S3DataType, S3Uri',
        "OldClient",
        (),
        "Upgrade",
    ),
    (
        25,
        CREATE.format("ValidationException") + "Unsupported instance type in region: ml.p3.2xlarge",
        "Unsupported",
        (FixKind.NEXT_INSTANCE,),
        "another region",
    ),
]


@pytest.mark.parametrize(
    ("text", "code", "fixes", "word"),
    [row[1:] for row in ROWS],
    ids=[f"row{row[0]}-{row[2]}-{number}" for number, row in enumerate(ROWS)],
)
def test_a_row_has_its_remedy_and_its_fixes(text: str, code: str, fixes: tuple[FixKind, ...], word: str) -> None:
    found = diagnose(text)
    assert found is not None
    assert found.code == code
    assert word in found.remedy
    assert tuple(fix.kind for fix in found.fixes) == fixes


def test_every_row_is_there() -> None:
    assert {row[0] for row in ROWS} == set(range(1, 26))


def test_every_pattern_is_in_the_table_but_those_without_a_number() -> None:
    assert {known.diagnosis.code for known in PATTERNS} - {row[2] for row in ROWS} == {"Diverged", "Killed"}


def test_a_job_that_failed_keeps_the_fixes_of_its_diagnosis() -> None:
    job = TrainingJob.parse({**answer(), "TrainingJobStatus": "Failed", "FailureReason": "CUDA out of memory"}, {})
    assert job.diagnosis is not None
    assert [fix.kind for fix in job.diagnosis.fixes] == [FixKind.HALVE_BATCH, FixKind.MORE_GPU_MEMORY]
