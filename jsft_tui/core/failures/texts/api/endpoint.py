"""List the texts about endpoints: why one does not come into service.

Sources: "Troubleshoot Amazon SageMaker AI model deployments" and DescribeEndpoint (SageMaker documentation); reports:
aws/amazon-sagemaker-examples 210, 379, 1113 and 3062, aws/sagemaker-python-sdk 155, 1554 and 4115.
"""

from __future__ import annotations

from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.failures.diagnosis import FailurePattern, known
from jsft_tui.core.failures.origin import Origin


def _endpoint(pattern: str, code: str, cause: str, remedy: str) -> FailurePattern:
    """Return a pattern of the words of the service about an endpoint, which come without a mark of their origin."""
    origins = frozenset({Origin.API, Origin.UNKNOWN, Origin.DOWNLOAD})
    return known(pattern, code, cause, remedy, origins=origins, unverified=True)


PATTERNS = (
    _endpoint(
        r"did not pass the ping health check|startup health check timed out|"
        r"Unable to successfully stand up your model|failed to start the (?:endpoint|container)",
        "HealthCheck",
        "The model server did not start, or did not answer in time.",
        "Read its log (/aws/sagemaker/Endpoints/ and its name); most often memory ran out or the archive lacks the "
        "code: deploy on a larger type, or repack it.",
    ),
    _endpoint(
        r"[Mm]odel data[^\n]{0,120}(?:too large|exceeds)|Image size \d+ is greater than|"
        r"(?:image|container)[^\n]{0,60}larger than[^\n]{0,40}10 ?G",
        "ModelTooLarge",
        "The archive of the model, or its image, is larger than this kind of endpoint takes.",
        "Deploy on an instance type instead of serverless, with more disk or a smaller model.",
    ),
    _endpoint(
        r"[Mm]emory size[^\n]{0,60}(?:limit|exceeded|too small)",
        "EndpointMemory",
        "The memory of the serverless endpoint does not suffice.",
        "Deploy with more: --serverless 6144, or on an instance type.",
    ),
    _endpoint(
        r"Endpoint \S+ of account \S+ not found|Could not find endpoint\b",
        "NoEndpoint",
        "There is no such endpoint in this account and region.",
        Remedy("List them", RemedyCommand.SHELL, "jsft endpoints"),
    ),
    _endpoint(
        r"ModelNotReady|[Mm]odel is not ready",
        "ModelNotReady",
        "The endpoint has not loaded the model yet.",
        "Wait a little and try again.",
    ),
    _endpoint(
        r"must allow (?:AWS |Amazon )?EventBridge Scheduler to assume|scheduler\.amazonaws\.com[^\n]{0,80}assume",
        "SchedulerRole",
        "EventBridge Scheduler is not allowed to assume the role of the schedule.",
        "Allow scheduler.amazonaws.com in the role's trust policy, or name another (--scheduler-role).",
    ),
    _endpoint(
        r"FailedResourceAccess|ConcurrentUpdateException",
        "Scaling",
        "Application Auto Scaling could not read or change the endpoint just now.",
        "Wait until the endpoint is in service, and repeat the command: it goes on where it stopped.",
    ),
    _endpoint(
        r"download model (?:data|artifacts?)|model data[^\n]{0,80}(?:download|not found|not exist|other region|"
        r"different region)|"
        r"Could not (?:find|access|download) model data",
        "ModelData",
        "The archive of the model could not be copied to the endpoint's instance.",
        "Check that it still exists, in the endpoint's region, and that the execution role may read it.",
    ),
    _endpoint(
        r"(?:BatchGetImage|BatchCheckLayerAvailability|GetDownloadUrlForLayer)\b[^\n]{0,80}permission|"
        r"does not (?:have|grant)[^\n]{0,60}(?:ecr:|BatchGetImage)",
        "ImageDenied",
        "The execution role is not allowed to pull the image.",
        "Grant the role ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer; an image of "
        "another account also needs a repository policy.",
    ),
    _endpoint(
        r"(?:unpack|extract)[^\n]{0,60}(?:model|archive)|model[^\n]{0,80}(?:not a (?:valid )?(?:tar|gzip)|archive is)",
        "ModelArchive",
        "The archive of the model cannot be unpacked.",
        "It must be a model.tar.gz as a training job writes it: look with jsft download JOB --list.",
    ),
    _endpoint(
        r"Bad HTTP status received from algorithm: 413|MaxPayloadInMB|[Pp]ayload[^\n]{0,40}exceeds?",
        "PayloadSize",
        "A record, or a file, of the data is larger than the requests of the transform may be.",
        "Repeat it with a larger --max-payload (MB), or split the file.",
    ),
    _endpoint(
        r"Bad HTTP status received from algorithm|[Tt]oo many (?:objects|records) failed",
        "TransformModel",
        "The model answered the requests of the transform with errors.",
        "Read its log: jsft transforms NAME --logs; most often the content type or the columns do not fit.",
    ),
    _endpoint(
        r"^\s*ClientError: See job logs",
        "TransformModel",
        "The model answered the requests of the transform with errors.",
        "Read its log: jsft transforms NAME --logs; most often the content type or the columns do not fit.",
    ),
    _endpoint(
        r"Request to service failed\. If failure persists",
        "InternalError",
        "SageMaker had an internal error.",
        "Deploy again.",
    ),
)
