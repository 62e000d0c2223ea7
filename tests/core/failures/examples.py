"""Failure texts as AWS and training scripts write them, with the code of their diagnosis."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

TEXTS = Path(__file__).with_name("examples.txt")

ROLE = "arn:aws:iam::123456789012:role/Train"
CREATE = "An error occurred ({}) when calling the CreateTrainingJob operation: "
DENIED = CREATE.format("AccessDeniedException") + (
    "User: arn:aws:sts::123456789012:assumed-role/Dev/ana is not authorized to perform: {} on resource: {}"
)
JOB = "arn:aws:sagemaker:us-west-2:123456789012:training-job/x"


class Example(NamedTuple):
    """A text; `row` is its number in docs/failures.md, 0 without one."""

    row: int
    code: str
    text: str


def script(error: str) -> str:
    """Return the failure of a training script with an error message."""
    return f'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "{error}"'


def more_examples() -> list[Example]:
    """Return the texts of examples.txt: a code and a text a line; `script:` stands for the frame of an error."""
    rows = [line.split(maxsplit=1) for line in TEXTS.read_text(encoding="utf-8").splitlines()]
    return [Example(0, code, script(text[8:]) if text.startswith("script: ") else text) for code, text in rows]


EXAMPLES = [
    Example(
        1,
        "Quota",
        CREATE.format("ResourceLimitExceeded") + "The account-level service limit 'ml.p3.2xlarge for training job "
        "usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances. Please "
        "use AWS Service Quotas to request an increase for this quota.",
    ),
    Example(
        2,
        "ProcessingQuota",
        CREATE.format("ResourceLimitExceeded") + "The account-level service limit 'Number of instances across all "
        "processing jobs' is 4 Instances, with current utilization of 4 Instances and a request delta of 1 Instances.",
    ),
    Example(
        3,
        "NoData",
        CREATE.format("ValidationException") + 'No S3 objects found under S3 URL "s3://bucket/flowrs/" given in input '
        "data source. Please ensure that the bucket exists in the selected region (us-west-2), that objects exist "
        f'under that S3 prefix, and that the role "{ROLE}" has "s3:ListBucket" permissions on bucket "bucket".',
    ),
    Example(
        4,
        "RoleTrust",
        CREATE.format("ValidationException") + f"Could not assume role {ROLE}. Please ensure that the role exists and "
        "allows principal 'sagemaker.amazonaws.com' to assume the role.",
    ),
    Example(5, "PassRole", DENIED.format("iam:PassRole", ROLE)),
    Example(6, "AccessDenied", DENIED.format("sagemaker:CreateTrainingJob", JOB)),
    Example(6, "AddTags", DENIED.format("sagemaker:AddTags", JOB)),
    Example(
        6,
        "ExplicitDeny",
        DENIED.format("sagemaker:CreateTrainingJob", JOB) + " with an explicit deny in a service control policy",
    ),
    Example(
        6, "ExplicitDeny", DENIED.format("iam:PassRole", ROLE) + " with an explicit deny in an identity-based policy"
    ),
    Example(
        7,
        "NameTaken",
        CREATE.format("ResourceInUse") + "Training job names must be unique within an AWS account and region, and a "
        f"training job with this name already exists ({JOB})",
    ),
    Example(
        8,
        "Capacity",
        "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance "
        "type.",
    ),
    Example(
        8,
        "Capacity",
        "CapacityError: Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. "
        "Please retry using a different ML instance type or after some time.",
    ),
    Example(8, "Capacity", "Insufficient capacity error from EC2 while launching instances, retrying!"),
    Example(9, "InternalError", "InternalServerError: We encountered an internal error. Please try again."),
    Example(
        10,
        "HostMemory",
        "ClientError: Please use an instance type with more memory, or reduce the size of job data processed on an "
        "instance.",
    ),
    Example(
        11,
        "UploadMemory",
        "ClientError: Artifact upload failed:ClientError: Out of Memory. Please use a larger instance",
    ),
    Example(
        12,
        "BucketRegion",
        "ClientError: Artifact upload failed:Unable to upload file to s3://https:/out/x/output/model.tar.gz "
        "(BucketRegionError: bucket must be in the same region as the job)",
    ),
    Example(
        13,
        "DownloadDenied",
        "ClientError: Data download failed:Unable to download object s3://jumpstart-private-cache-prod-us-west-2/"
        "meta-training/g5/v1.0.0/train-meta-textgeneration-llama-2-7b.tar.gz (AccessDenied: Access Denied)",
    ),
    Example(
        13,
        "DownloadDenied",
        "ClientError: Data download failed:Unable to download object s3://jumpstart-private-cache-prod-us-west-2/x "
        "(AccessDenied: Access Denied)",
    ),
    Example(
        14,
        "Script",
        'AlgorithmError: framework error: \nTraceback (most recent call last):\n  File "/usr/local/lib/python3.10/'
        'site-packages/sagemaker_training/trainer.py", line 88, in train\nKeyError: "labels"',
    ),
    Example(14, "Script", "AlgorithmError: the loss of step 137, exit code: 1"),
    Example(
        15,
        "GpuMemory",
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "RuntimeError: CUDA out of memory. Tried '
        'to allocate 2.00 GiB (GPU 0; 22.20 GiB total capacity; 20.10 GiB already allocated)"\nCommand "python '
        'transfer_learning.py", exit code: 1',
    ),
    Example(
        15,
        "GpuMemory",
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "torch.OutOfMemoryError: Allocation on '
        'device 0 would exceed allowed memory."',
    ),
    Example(
        15,
        "GpuMemory",
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "torch.cuda.OutOfMemoryError: CUDA out of '
        'memory. Tried to allocate 20.00 MiB"',
    ),
    Example(
        15, "GpuMemory", "AlgorithmError: ResourceExhaustedError: OOM when allocating tensor with shape[512,224,224,64]"
    ),
    Example(15, "GpuMemory", "AlgorithmError: CUDA out of memory, exit code: 137"),
    Example(
        16,
        "Disk",
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "OSError: [Errno 28] No space left on '
        'device"',
    ),
    Example(16, "Disk", "ClientError: Data download failed:Insufficient disk space to download s3://bucket/big/"),
    Example(16, "Disk", "ClientError: Insufficient disk space to download the data"),
    Example(
        17,
        "VolumeKey",
        CREATE.format("ValidationException") + "KMS key is not supported for NVMe instance storage. Please remove "
        "VolumeKmsKeyId from the request.",
    ),
    Example(17, "VolumeKey", "You can't request a VolumeKmsKeyId when using an instance type with local storage."),
    Example(18, "Throttled", CREATE.format("ThrottlingException") + "Rate exceeded"),
    Example(
        19,
        "AlreadyEnded",
        "An error occurred (ValidationException) when calling the StopTrainingJob operation: The request was rejected "
        "because the training job is in status Completed.",
    ),
    Example(
        19,
        "NoSuchJob",
        "An error occurred (ValidationException) when calling the UpdateTrainingJob operation: Could not find job to "
        "update with name flowers",
    ),
    Example(
        19,
        "NoSuchJob",
        "An error occurred (ValidationException) when calling the DescribeTrainingJob operation: Requested resource "
        "not found.",
    ),
    Example(20, "MaxRuntime", "\nMaxRuntimeExceeded"),
    Example(20, "MaxRuntime", "Training job runtime exceeded MaxRuntimeInSeconds provided"),
    Example(21, "MaxWait", "\nMaxWaitTimeExceeded"),
    Example(
        22,
        "Network",
        "ClientError: The subnet(s) [subnet-0a1b] do not have enough private IP addresses: a training job needs at "
        "least 2 private IP addresses per instance.",
    ),
    Example(
        22,
        "Network",
        "ClientError: Data download failed:Please ensure that the subnet's VPC has an S3 VPC endpoint or a NAT.",
    ),
    Example(22, "Network", "ValidationException: Subnets must be in a VPC of default tenancy."),
    Example(
        22,
        "Network",
        "ValidationException: The subnet subnet-1 does not have enough private IP addresses for the training job",
    ),
    Example(22, "Network", "ClientError: No S3 VPC endpoint was found in vpc-1 for region us-west-2"),
    Example(
        23,
        "Dataset",
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "AssertionError: Found json files for '
        'categorical indexes more than 1."',
    ),
    Example(
        23,
        "Dataset",
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "ValueError: could not convert string to '
        "float: 'yes'\"",
    ),
    Example(
        23,
        "Dataset",
        'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "ValueError: Labels must be integers"',
    ),
    Example(23, "Dataset", "AssertionError: Found index for categorical feature smaller than 1."),
    Example(
        24,
        "Credentials",
        "An error occurred (ExpiredToken) when calling the ListTrainingJobs operation: The security token included in "
        "the request is expired",
    ),
    Example(
        24,
        "Credentials",
        "An error occurred (UnrecognizedClientException) when calling the ListTrainingJobs operation: The security "
        "token included in the request is invalid.",
    ),
    Example(24, "Credentials", "NoCredentials: Unable to locate credentials"),
    Example(24, "Credentials", "The SSO session associated with this profile has expired or is otherwise invalid."),
    Example(24, "Credentials", "Error when retrieving token from sso: Token has expired and refresh failed"),
    Example(
        25,
        "OldClient",
        "UnknownParameterInStructure: Unknown parameter in InputDataConfig[1].DataSource.S3DataSource: "
        '"ModelAccessConfig", must be one of: S3DataType, S3Uri',
    ),
    Example(
        25, "Unsupported", CREATE.format("ValidationException") + "Unsupported instance type in region: ml.p3.2xlarge"
    ),
    Example(25, "OldClient", 'UnknownParameterInStructure: Unknown parameter in input: "ModelAccessConfig"'),
    Example(
        25,
        "OldClient",
        'Parameter validation failed:\nUnknown parameter in InputDataConfig[0]: "ModelAccessConfig", must be one of: '
        "S3Uri",
    ),
    Example(0, "Killed", "AlgorithmError: Loading checkpoint shards, exit code: 137"),
    Example(0, "Killed", 'AlgorithmError: ExecuteUserScriptError:\nExitCode 137\nErrorMessage ""'),
    Example(0, "Killed", "AlgorithmError: subprocess.CalledProcessError: died with <Signals.SIGKILL: 9>."),
    Example(0, "Killed", "RuntimeError: DataLoader worker (pid 71) is killed by signal: Killed."),
    Example(0, "Diverged", "AlgorithmError: training diverged: loss is not a finite number"),
    *more_examples(),
]
