"""The failure doctor: the known texts get the right diagnosis, others none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.common.remedy import Remedy
from jsft_tui.core.jobs.failures import PATTERNS, diagnose
from tests.effort import at_most

DENIED = (
    "An error occurred (AccessDeniedException) when calling the CreateTrainingJob operation: User: "
    "arn:aws:sts::123456789012:assumed-role/Dev/ana is not authorized to perform: {action} on resource: {resource}"
)
ROLE = "arn:aws:iam::123456789012:role/Train"
JOB = "arn:aws:sagemaker:us-west-2:123456789012:training-job/x"

KNOWN = [
    (
        "ResourceLimitExceeded: An error occurred when calling the CreateTrainingJob operation: "
        "The account-level service limit 'ml.p3.2xlarge for training job usage' is 0 Instances, with current "
        "utilization of 0 Instances and a request delta of 1 Instances. Please contact AWS support.",
        "Quota",
    ),
    (
        "ResourceLimitExceeded: The account-level service limit 'Number of instances across all processing jobs' is 4 "
        "Instances, with current utilization of 4 Instances and a request delta of 1 Instances.",
        "ProcessingQuota",
    ),
    (
        'ValidationException: No S3 objects found under S3 URL "s3://bucket/flowrs/" given in input data source. '
        "Please ensure that the bucket exists in the selected region (us-west-2), that objects exist under that S3 "
        f'prefix, and that the role "{ROLE}" has "s3:ListBucket" permissions on bucket "bucket".',
        "NoData",
    ),
    (
        f"ValidationException: Could not assume role {ROLE}. Please ensure that the role exists and allows principal "
        "'sagemaker.amazonaws.com' to assume the role.",
        "RoleTrust",
    ),
    (DENIED.format(action="iam:PassRole", resource=ROLE), "PassRole"),
    (DENIED.format(action="sagemaker:CreateTrainingJob", resource=JOB), "AccessDenied"),
    (DENIED.format(action="sagemaker:AddTags", resource=JOB), "AddTags"),
    (
        DENIED.format(action="sagemaker:CreateTrainingJob", resource=JOB)
        + " with an explicit deny in a service control policy",
        "ExplicitDeny",
    ),
    (
        DENIED.format(action="iam:PassRole", resource=ROLE) + " with an explicit deny in an identity-based policy",
        "ExplicitDeny",
    ),
    (
        "ResourceInUse: Training job names must be unique within an AWS account and region, and a training job with "
        f"this name already exists ({JOB})",
        "NameTaken",
    ),
    (
        "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance "
        "type.",
        "Capacity",
    ),
    (
        "CapacityError: Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. "
        "Please retry using a different ML instance type or after some time.",
        "Capacity",
    ),
    ("Insufficient capacity error from EC2 while launching instances, retrying!", "Capacity"),
    ("InternalServerError: We encountered an internal error. Please try again.", "InternalError"),
    (
        "ClientError: Please use an instance type with more memory, or reduce the size of job data processed on an "
        "instance.",
        "HostMemory",
    ),
    ("ClientError: Artifact upload failed:ClientError: Out of Memory. Please use a larger instance", "UploadMemory"),
    (
        "ClientError: Artifact upload failed:Unable to upload file to s3://out/x/output/model.tar.gz "
        "(BucketRegionError: bucket must be in the same region as the job)",
        "BucketRegion",
    ),
    (
        "ClientError: Data download failed:Unable to download object s3://jumpstart-private-cache-prod-us-west-2/x "
        "(AccessDenied: Access Denied)",
        "DownloadDenied",
    ),
    ('AlgorithmError: framework error: \nTraceback (most recent call last):\n  File "train.py", line 3\n', "Script"),
    (
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "torch.cuda.OutOfMemoryError: CUDA out of '
        'memory. Tried to allocate 20.00 MiB"',
        "GpuMemory",
    ),
    ("AlgorithmError: ResourceExhaustedError: OOM when allocating tensor with shape[512,224,224,64]", "GpuMemory"),
    ("AlgorithmError: Loading checkpoint shards, exit code: 137", "Killed"),
    ('AlgorithmError: ExecuteUserScriptError:\nExitCode 137\nErrorMessage ""', "Killed"),
    ("AlgorithmError: subprocess.CalledProcessError: died with <Signals.SIGKILL: 9>.", "Killed"),
    ("RuntimeError: DataLoader worker (pid 71) is killed by signal: Killed.", "Killed"),
    ("AlgorithmError: CUDA out of memory, exit code: 137", "GpuMemory"),
    ("AlgorithmError: the loss of step 137, exit code: 1", "Script"),
    ("AlgorithmError: OSError: [Errno 28] No space left on device", "Disk"),
    ("ClientError: Insufficient disk space to download the data", "Disk"),
    (
        "ValidationException: KMS key is not supported for NVMe instance storage. Please remove VolumeKmsKeyId",
        "VolumeKey",
    ),
    ("You can't request a VolumeKmsKeyId when using an instance type with local storage.", "VolumeKey"),
    ("ThrottlingException: Rate exceeded", "Throttled"),
    ("ValidationException: The request was rejected because the training job is in status Completed.", "AlreadyEnded"),
    ("ValidationException: Could not find job to update with name flowers", "NoSuchJob"),
    ("ValidationException: Requested resource not found.", "NoSuchJob"),
    ("MaxRuntimeExceeded", "MaxRuntime"),
    ("Training job runtime exceeded MaxRuntimeInSeconds provided", "MaxRuntime"),
    ("MaxWaitTimeExceeded", "MaxWait"),
    (
        "ValidationException: The subnet subnet-1 does not have enough private IP addresses for the training job",
        "Network",
    ),
    ("ClientError: No S3 VPC endpoint was found in vpc-1 for region us-west-2", "Network"),
    ("AssertionError: Found json files for categorical indexes more than 1.", "Dataset"),
    ("AssertionError: Found index for categorical feature smaller than 1.", "Dataset"),
    ("AlgorithmError: ValueError: could not convert string to float: 'unknown'", "Dataset"),
    ("AlgorithmError: ValueError: Labels must be integers from 0 to n-1", "Dataset"),
    ("ExpiredToken: The security token included in the request is expired", "Credentials"),
    ("UnrecognizedClientException: The security token included in the request is invalid.", "Credentials"),
    ("NoCredentials", "Credentials"),
    ("Unable to locate credentials", "Credentials"),
    ("The SSO session associated with this profile has expired or is otherwise invalid.", "Credentials"),
    ("Error when retrieving token from sso: Token has expired and refresh failed", "Credentials"),
    ('UnknownParameterInStructure: Unknown parameter in input: "ModelAccessConfig"', "OldClient"),
    (
        'Parameter validation failed:\nUnknown parameter in InputDataConfig[0]: "ModelAccessConfig", must be one of: '
        "S3Uri",
        "OldClient",
    ),
    ("ValidationException: Unsupported instance type in region: ml.p3.2xlarge", "Unsupported"),
    ("AlgorithmError: training diverged: loss is not a finite number", "Diverged"),
]


@pytest.mark.parametrize(("text", "code"), KNOWN, ids=[f"{code}-{number}" for number, (_, code) in enumerate(KNOWN)])
def test_a_known_failure_gets_its_diagnosis(text: str, code: str) -> None:
    found = diagnose(text)
    assert found is not None
    assert found.code == code
    assert found.cause.endswith(".")
    assert isinstance(found.remedy, Remedy) or found.remedy.endswith(".")  # a command is copied as it stands
    assert "{" not in found.cause + found.remedy


def test_a_quota_is_named_with_its_value() -> None:
    found = diagnose(KNOWN[0][0])
    assert found is not None
    assert "'ml.p3.2xlarge for training job usage' is 0 " in found.cause


def test_the_denied_action_is_named() -> None:
    found = diagnose(DENIED.format(action="sagemaker:CreateTrainingJob", resource=JOB))
    assert found is not None
    assert "sagemaker:CreateTrainingJob" in found.remedy


def test_the_empty_prefix_is_named() -> None:
    found = diagnose(KNOWN[2][0])
    assert found is not None
    assert "s3://bucket/flowrs/" in found.cause


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Something nobody has seen",
        "The weather is nice",
        "val_accuracy: 0.9",
        "ValidationException: 1 validation error detected: Value 'x' at 'trainingJobName' failed to satisfy constraint",
    ],
)
def test_an_unknown_text_gets_no_diagnosis(text: str) -> None:
    assert diagnose(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AlgorithmError: ssl.SSLCertVerificationError: certificate has expired", "Script"),
        ("AlgorithmError: KeyError: 'labels'", "Script"),
        ("AlgorithmError: the lease of the lock expired", "Script"),
    ],
)
def test_a_word_that_is_like_a_known_text_is_not_mistaken_for_it(text: str, code: str) -> None:
    found = diagnose(text)
    assert found is not None
    assert found.code == code


def test_a_text_from_outside_cannot_send_the_terminal_anything() -> None:
    found = diagnose("The account-level service limit 'a\x1b]0;evil\x07 {limit} for x' is 0")
    assert found is not None
    assert "\x1b" not in found.cause
    assert "evil" not in found.cause


def test_every_pattern_is_known_by_a_text_of_these_tests() -> None:
    assert {known.diagnosis.code for known in PATTERNS} == {code for _, code in KNOWN}


@given(st.text())
def test_any_text_is_diagnosed_or_not(text: str) -> None:
    found = diagnose(text)
    assert found is None or found.code


@pytest.mark.parametrize(
    "piece",
    ["Artifact upload failed", "Data download failed", "expired ", "service limit '", "not authorized to perform: "],
)
def test_a_long_log_is_looked_through_quickly(piece: str) -> None:
    with at_most(1):
        diagnose(piece * 2_000)


def test_a_cause_is_said_in_a_word_or_two() -> None:
    said = {known.diagnosis.code: known.diagnosis.words for known in PATTERNS}
    assert (said["GpuMemory"], said["MaxRuntime"], said["Quota"]) == ("GPU memory", "max runtime", "quota")
    assert max(map(len, said.values())) <= 16
