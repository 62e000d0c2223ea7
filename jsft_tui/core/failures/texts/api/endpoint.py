"""List the texts about endpoints: why one does not come into service.

Sources: "Troubleshoot Amazon SageMaker AI model deployments" and DescribeEndpoint (SageMaker documentation); reports:
aws/amazon-sagemaker-examples 210, 379, 1113 and 3062, aws/sagemaker-python-sdk 155, 1554 and 4115.
"""

from __future__ import annotations

from jsft_tui.core.failures.diagnosis import FailurePattern, known
from jsft_tui.core.failures.origin import Origin


def _endpoint(pattern: str, code: str, cause: str, remedy: str) -> FailurePattern:
    """Return a pattern of the words of the service about an endpoint, which come without a mark of their origin."""
    origins = frozenset({Origin.API, Origin.UNKNOWN, Origin.DOWNLOAD})
    return known(pattern, code, cause, remedy, origins=origins, unverified=True)


PATTERNS = (
    _endpoint(
        r"did not pass the ping health check",
        "HealthCheck",
        "The model server did not start, or did not answer in time.",
        "Read its log (/aws/sagemaker/Endpoints/ and its name); most often memory ran out or the archive lacks the "
        "code: deploy on a larger type, or repack it.",
    ),
    _endpoint(
        r"download model (?:data|artifacts?)|model data[^\n]{0,80}(?:download|not found|does not exist)|"
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
        r"Request to service failed\. If failure persists",
        "InternalError",
        "SageMaker had an internal error.",
        "Deploy again.",
    ),
)
