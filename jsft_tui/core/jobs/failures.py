"""The failure doctor: known failure texts of SageMaker, what they mean and what to do.

Source: jumpstart-facts §6.2, gathered from issue threads and the developer guide. Patterns marked there as
known but not verified are marked `unverified` here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand, filled
from jsft_tui.core.common.text import clean, fit

_LONGEST_QUOTE = 200
_LONGEST_TEXT = 4096
"""Characters that are looked at; a FailureReason has 1,024 at most (DescribeTrainingJob)."""


@dataclass(frozen=True)
class Diagnosis:
    """What a failure text means.

    Attributes:
        code: a short stable name of the cause.
        cause: what happened, one sentence.
        remedy: what to do, one sentence.
        fixes: remedies that the program can apply by itself; the first that applies is meant.
    """

    code: str
    cause: str
    remedy: str
    fixes: tuple[Fix, ...] = ()

    @property
    def words(self) -> str:
        """The code in words, for places with little room: `GPU memory`, `max runtime`."""
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.code).lower()
        return re.sub(r"\b(?:gpu|eula|vpc)\b", lambda word: word[0].upper(), words)


@dataclass(frozen=True)
class FailurePattern:
    """A failure text and its diagnosis; groups of the pattern may be named in the texts (`{quota}`)."""

    pattern: re.Pattern[str]
    diagnosis: Diagnosis
    unverified: bool = False


def _known(
    pattern: str, code: str, cause: str, remedy: str, *fixes: FixKind, unverified: bool = False
) -> FailurePattern:
    diagnosis = Diagnosis(code, cause, remedy, tuple(map(Fix, fixes)))
    return FailurePattern(re.compile(pattern, re.IGNORECASE | re.DOTALL), diagnosis, unverified)


# More telling patterns stand before more general ones: the first that matches wins.
PATTERNS: tuple[FailurePattern, ...] = (
    _known(
        r"service limit '(?P<quota>[^']*processing job[^']*)' is (?P<limit>[\d.]+)",
        "ProcessingQuota",
        "The quota {quota!r} ({limit}) is used up by debugger or profiler jobs.",
        "Turn the profiler off; jsft never turns it on.",
    ),
    _known(
        r"service limit '(?P<quota>[^']+)' is (?P<limit>[\d.]+)",
        "Quota",
        "The quota {quota!r} is {limit} in this region.",
        Remedy(
            "Ask for a higher quota in the Service Quotas console, or choose a type that has quota",
            RemedyCommand.INSTANCES,
        ),
        FixKind.NEXT_INSTANCE,
    ),
    _known(
        r"No S3 objects found under S3 URL \"(?P<uri>[^\"]*)\"",
        "NoData",
        "SageMaker found no objects under {uri}.",
        "Check the prefix for a typo, that the bucket is in the job's region, and that the execution role may list it.",
    ),
    _known(
        r"Could not assume role|unable to perform: sts:AssumeRole",
        "RoleTrust",
        "SageMaker may not assume the execution role.",
        "Let sagemaker.amazonaws.com assume it in the role's trust policy, or name another role.",
    ),
    _known(
        r"explicit deny",
        "ExplicitDeny",
        "A policy of your organisation forbids this.",
        "Ask your administrator; conditions on instance types, VPC, keys or gated models are usual.",
    ),
    _known(
        r"not authorized to perform: iam:PassRole",
        "PassRole",
        "Your own identity may not pass the execution role to SageMaker.",
        "Ask for iam:PassRole on that role.",
    ),
    _known(
        r"not authorized to perform: sagemaker:AddTags",
        "AddTags",
        "Your own identity may not tag training jobs.",
        "Ask for sagemaker:AddTags; the tags say which model a job came from.",
    ),
    _known(
        r"not authorized to perform: (?P<action>[\w:-]+)",
        "AccessDenied",
        "Your own identity may not call {action}.",
        "Ask for {action}.",
    ),
    _known(
        r"names must be unique within an AWS account|training job with this name already exists",
        "NameTaken",
        "A training job of this name exists already.",
        "Choose another name.",
        FixKind.NEW_NAME,
    ),
    _known(
        r"CapacityError|Unable to provision requested ML compute capacity|Insufficient ?(?:Instance ?)?capacity",
        "Capacity",
        "AWS has no free machine of this type just now.",
        "Try again later, or choose another instance type or region.",
        FixKind.NEXT_INSTANCE,
    ),
    _known(
        r"BucketRegionError|bucket (?:must be in|of) the same region",
        "BucketRegion",
        "The bucket is in another region than the job.",
        "Choose an output bucket in the job's region, written as s3://bucket, not as https://.",
    ),
    _known(
        r"Artifact upload failed.*Out of Memory",
        "UploadMemory",
        "The instance ran out of memory while packing the model.",
        "Choose an instance type with more memory.",
        FixKind.MORE_MEMORY,
    ),
    _known(
        r"(?:Data download failed|Unable to download).*Access ?Denied",
        "DownloadDenied",
        "The execution role may not read the data (or the gated weights).",
        "Give the role s3:GetObject and kms:Decrypt; for a gated model accept the EULA and use its newest version.",
        FixKind.ACCEPT_EULA,
    ),
    _known(
        r"instance type with more memory, or reduce the size of job data",
        "HostMemory",
        "The instance ran out of host memory.",
        "Choose an instance type with more memory, or less data.",
        FixKind.MORE_MEMORY,
    ),
    _known(
        r"CUDA out of memory|OutOfMemoryError|CUBLAS_STATUS_ALLOC_FAILED|Resource ?exhausted(?:Error)?: .*OOM|"
        r"OOM when allocating",
        "GpuMemory",
        "The GPU ran out of memory.",
        "Halve the batch size, shorten the inputs, or choose GPUs with more memory.",
        FixKind.HALVE_BATCH,
        FixKind.MORE_GPU_MEMORY,
        unverified=True,
    ),
    _known(
        r"exit ?(?:code|status):? ?(?:137|-9)\b|\bSIGKILL\b|signal 9\b|killed by signal: Killed|oom-?killer",
        "Killed",
        "The training was killed (exit code 137, SIGKILL): most likely the instance ran out of host memory.",
        "Choose an instance type with more memory, or a smaller batch, less data or fewer loading workers.",
        FixKind.MORE_MEMORY,
        FixKind.HALVE_BATCH,
        unverified=True,
    ),
    _known(
        r"No space left on device|Insufficient disk space",
        "Disk",
        "The disk is full.",
        "Raise volume_gb, or choose an instance type with a larger NVMe disk.",
        FixKind.RAISE_DISK,
        unverified=True,
    ),
    _known(
        r"KMS key is not supported|can't request a VolumeKmsKeyId|VolumeKmsKeyId.*local storage",
        "VolumeKey",
        "This instance type trains on local NVMe, which takes no volume key.",
        "Drop kms.volume from the run.",
        FixKind.DROP_VOLUME_KEY,
    ),
    _known(
        r"ThrottlingException|Rate exceeded|TooManyRequests",
        "Throttled",
        "AWS limits how often it may be called.",
        "Wait a little and try again.",
    ),
    _known(
        r"training job is in status (?P<status>\w+)",
        "AlreadyEnded",
        "The job is {status} already.",
        "There is nothing to stop.",
    ),
    _known(
        r"Requested resource not found|Could not find (?:training )?job",
        "NoSuchJob",
        "There is no such training job in this account and region.",
        Remedy("Check the name and the region", RemedyCommand.JOBS),
    ),
    _known(
        r"MaxRuntimeExceeded|runtime exceeded MaxRuntimeInSeconds",
        "MaxRuntime",
        "The job reached its longest run time and was stopped.",
        "Raise instance.max_runtime or train fewer epochs; a model may have been saved.",
        FixKind.LONGER_RUN,
    ),
    _known(
        r"MaxWaitTimeExceeded",
        "MaxWait",
        "No spot capacity was found in the time allowed.",
        "Raise instance.max_wait, or train on demand.",
        FixKind.LONGER_WAIT,
    ),
    _known(
        r"private IP|insufficient free (?:IP )?addresses|S3 (?:VPC )?endpoint|ConnectTimeout.*s3|default tenancy|"
        r"self-?referenc",
        "Network",
        "The VPC gives the job too few addresses, no way to S3, or no way between its instances.",
        "Use subnets of default tenancy with two free addresses per instance, an S3 gateway endpoint, and a security "
        "group that lets its own members in.",
    ),
    _known(
        r"(?:token|session|credentials)[^.\n]{0,60} expired|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|"
        r"security token[^.\n]{0,60} invalid|Unable to locate credentials|NoCredentials",
        "Credentials",
        "The AWS credentials are missing, expired or not known.",
        Remedy("Sign in again", RemedyCommand.SIGN_IN),
        unverified=True,
    ),
    _known(
        r"UnknownParameterInStructure|Unknown parameter in",
        "OldClient",
        "The boto3 that is installed is too old to know what was asked for.",
        "Upgrade it: pip install --upgrade boto3.",
        unverified=True,
    ),
    _known(
        r"Unsupported instance type|Instance type \S+ is not supported in",
        "Unsupported",
        "This region does not have the instance type.",
        "Choose another region or instance type.",
        FixKind.NEXT_INSTANCE,
        unverified=True,
    ),
    _known(
        r"training diverged|loss is (?:nan|not a finite)|loss became nan",
        "Diverged",
        "The training diverged: the loss is not a finite number.",
        "Lower learning_rate.",
        FixKind.LOWER_LEARNING_RATE,
    ),
    _known(
        r"could not convert string to float|categorical (?:index|feature)|ValueError: Labels|data\.csv|"
        r"annotations\.json|cannot be read",
        "Dataset",
        "The training script could not read the dataset.",
        Remedy("Check it", RemedyCommand.LINT, "MODEL", "URI"),
        unverified=True,
    ),
    _known(
        r"InternalServerError|internal error",
        "InternalError",
        "SageMaker had an internal error.",
        "Launch it again.",
    ),
    _known(
        r"AlgorithmError",
        "Script",
        "The training script failed.",
        Remedy("Read the end of its log", RemedyCommand.LOGS, "NAME"),
    ),
)


def diagnose(text: str) -> Diagnosis | None:
    """The diagnosis of a failure text (FailureReason, or an API error's message); None when it is not known."""
    text = text[:_LONGEST_TEXT]
    for known in PATTERNS:
        if match := known.pattern.search(text):
            return _told(known.diagnosis, match)
    return None


def _told(diagnosis: Diagnosis, match: re.Match[str]) -> Diagnosis:
    """The diagnosis with what the failure text itself names."""
    found = {name: fit(clean(value or "?"), _LONGEST_QUOTE) for name, value in match.groupdict().items()}

    def fill(text: str) -> str:
        return text.format(**found)

    return replace(diagnosis, cause=fill(diagnosis.cause), remedy=filled(diagnosis.remedy, fill))
