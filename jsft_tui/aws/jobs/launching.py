"""Create a training or tuning job with one attempt, and tell what is certain after it; see whether it exists."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from jsft_tui.aws.client.errors import translate, translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean, redact
from jsft_tui.core.failures import diagnose
from jsft_tui.core.request.created import CreatedJob, JobKind, kind_of, name_of

_ERROR_CODE = re.compile(r"[A-Za-z][\w.]*")
"""An error code of AWS; botocore puts the HTTP status in its place where the body is none of AWS's."""
_TIMED_OUT = 408
_AWS_HOST = re.compile(r"\.(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)")


@dataclass(frozen=True)
class _Api:
    """The operations on a kind of job, and the members of their answers."""

    operation: str
    create: str
    describe: str
    arn: str
    status: str
    resource: str

    @property
    def before_send(self) -> str:
        """botocore's event between the signing of a request and its sending."""
        return f"before-send.sagemaker.{self.operation}"


_APIS = {
    JobKind.TRAINING: _Api(
        "CreateTrainingJob",
        "create_training_job",
        "describe_training_job",
        "TrainingJobArn",
        "TrainingJobStatus",
        "training-job",
    ),
    JobKind.TUNING: _Api(
        "CreateHyperParameterTuningJob",
        "create_hyper_parameter_tuning_job",
        "describe_hyper_parameter_tuning_job",
        "HyperParameterTuningJobArn",
        "HyperParameterTuningJobStatus",
        "hyper-parameter-tuning-job",
    ),
}


class Outcome(Enum):
    """What is certain after an attempt to create a job."""

    CREATED = "created"
    REFUSED = "refused"
    """AWS said no, or the request never left: this attempt has created nothing."""
    UNKNOWN = "unknown"
    """The request left, and no answer of AWS tells what became of it."""


@dataclass(frozen=True)
class Attempt:
    """An attempt to create a job: its outcome, the job's ARN, and what went wrong where it was not created."""

    outcome: Outcome
    arn: str = ""
    problem: Problem | None = None


class _Sent(threading.local):
    """Whether the request of this thread's attempt was signed and handed to the network."""

    yes: bool = False


_SENT = _Sent()


def _note_sent(**_: Any) -> None:
    _SENT.yes = True


class Launching:
    """Creates the training and tuning jobs of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    @property
    def endpoint(self) -> str:
        """The URL that requests go to where it is not AWS's own; empty for AWS, `sandbox` for the sandbox.

        Raises:
            Problem: no client can be made.
        """
        if self._session.target.sandbox:
            return "sandbox"  # its port changes
        url = str(self._session.single_attempt_client("sagemaker").meta.endpoint_url)
        return "" if _AWS_HOST.search(urlsplit(url).hostname or "") else url

    def attempt(self, request: Mapping[str, Any]) -> Attempt:
        """Send CreateTrainingJob, or CreateHyperParameterTuningJob, once.

        Raises:
            Problem: no client can be made.
        """
        name, api = name_of(request), _APIS[kind_of(request)]
        client = self._session.single_attempt_client("sagemaker")
        client.meta.events.register(api.before_send, _note_sent, unique_id=f"jsft-launching-{api.resource}")
        _SENT.yes = False
        try:
            arn = getattr(client, api.create)(**request)[api.arn]
        except Exception as error:  # noqa: BLE001  (whatever it is: a job may run)
            problem = _problem_of(error, f"launch {name}")
            return Attempt(Outcome.REFUSED if _is_clear(error) else Outcome.UNKNOWN, problem=problem)
        if not _is_arn_of(arn, name, api):
            return Attempt(Outcome.UNKNOWN, problem=_foreign(f"launch {name}", "it names another job"))
        return Attempt(Outcome.CREATED, arn)

    def look(self, name: str, kind: JobKind = JobKind.TRAINING) -> CreatedJob | None:
        """Describe a job without patience and without its tags; None if AWS says that there is none of that name.

        Raises:
            Problem: it cannot be known: no answer, a refusal, or an answer that is not AWS's.
        """
        what, api = f"describe the {kind.value} {name}", _APIS[kind]
        try:
            with translate_errors(what):
                client = self._session.fail_fast_client("sagemaker")
                answer = getattr(client, api.describe)(**{kind.name_member: name})
            job = CreatedJob(kind, str(answer[kind.name_member]), str(answer[api.arn]), str(answer[api.status]), answer)
        except Problem as problem:
            if is_no_such_job(problem):
                return None
            raise
        except Exception as error:
            raise _problem_of(error, what) from error
        if job.name != name or not _is_arn_of(job.arn, name, api):
            raise _foreign(what, "it is about another job")
        return job


def is_no_such_job(problem: Problem) -> bool:
    """Return whether AWS says that there is no job of a name.

    An unknown training job is a ValidationException, so its text decides; for an unknown tuning job
    DescribeHyperParameterTuningJob documents ResourceNotFound.
    """
    if problem.code == "NotFound":
        return True
    known = diagnose(problem.message) if problem.code == "ValidationException" else None
    return known is not None and known.code == "NoSuchJob"


def _problem_of(error: Exception, what: str) -> Problem:
    if isinstance(error, Problem):
        return error
    return translate(error, what) or _foreign(what, redact(clean(f"{type(error).__name__}: {error}")))


def _foreign(what: str, why: str) -> Problem:
    message = f"could not {what}: the answer is not one of AWS's ({why})."
    return Problem("ForeignAnswer", message, "Check the network, the proxy and AWS_ENDPOINT_URL.", retryable=True)


def _is_clear(error: Exception) -> bool:
    """Return whether an attempt that ended so has certainly created nothing."""
    from botocore import exceptions as e

    if not _SENT.yes:
        return True
    if isinstance(error, e.ClientError):
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        code = str(error.response.get("Error", {}).get("Code", ""))
        return 400 <= status < 500 and status != _TIMED_OUT and _ERROR_CODE.fullmatch(code) is not None
    if isinstance(error, e.SSLError):
        return "CERTIFICATE_VERIFY_FAILED" in str(error)
    # No connection came about (botocore, `URLLib3Session.send`).
    return isinstance(error, (e.EndpointConnectionError, e.ConnectTimeoutError, e.ProxyConnectionError))


def _is_arn_of(arn: object, name: str, api: _Api) -> bool:
    # Older answers had the name in small letters. Not checked against AWS.
    return isinstance(arn, str) and arn.startswith("arn:") and arn.lower().endswith(f":{api.resource}/{name.lower()}")
