"""Errors of boto3 become Problems."""

from __future__ import annotations

import pytest
from botocore import exceptions as e

from jsft_tui.aws.client.errors import translate, translate_errors
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.failures import diagnose


def refusal(code: str, message: str = "no", status: int = 400) -> e.ClientError:
    """Build a service's error."""
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return e.ClientError(response, "Operation")


@pytest.mark.parametrize(
    ("theirs", "ours", "retryable"),
    [
        ("ExpiredToken", "ExpiredToken", False),
        ("ExpiredTokenException", "ExpiredToken", False),
        ("UnrecognizedClientException", "InvalidCredentials", False),
        ("SignatureDoesNotMatch", "InvalidCredentials", False),
        ("AccessDeniedException", "AccessDenied", False),
        ("403", "AccessDenied", False),
        ("ThrottlingException", "Throttled", True),
        ("SlowDown", "Throttled", True),
        ("NoSuchKey", "NotFound", False),
        ("404", "NotFound", False),
        ("NoSuchBucket", "NoSuchBucket", False),
        ("InternalFailure", "InternalFailure", True),
        ("ResourceLimitExceeded", "ResourceLimitExceeded", False),
    ],
)
def test_codes_that_mean_the_same_have_one_name(theirs: str, ours: str, retryable: bool) -> None:
    problem = translate(refusal(theirs), "do it")

    assert problem is not None
    assert (problem.code, problem.retryable) == (ours, retryable)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (e.NoCredentialsError(), "NoCredentials"),
        (e.PartialCredentialsError(provider="env", cred_var="x"), "NoCredentials"),
        (e.TokenRetrievalError(provider="sso", error_msg="expired"), "ExpiredToken"),
        (e.UnauthorizedSSOTokenError(), "ExpiredToken"),
        (e.ProfileNotFound(profile="x"), "UnknownProfile"),
        (e.NoRegionError(), "NoRegion"),
        (e.EndpointConnectionError(endpoint_url="https://x"), "NoConnection"),
        (e.ConnectTimeoutError(endpoint_url="https://x"), "Timeout"),
        (e.ReadTimeoutError(endpoint_url="https://x"), "Timeout"),
        (e.ConnectionClosedError(endpoint_url="https://x"), "NoConnection"),
        (e.ProxyConnectionError(proxy_url="http://x"), "NoConnection"),
        (e.ParamValidationError(report="bad"), "BadRequest"),
    ],
)
def test_what_goes_wrong_before_an_answer_has_a_code_and_one_line(error: Exception, code: str) -> None:
    problem = translate(error, "list your buckets")

    assert problem is not None
    assert problem.code == code
    assert problem.message.startswith("could not list your buckets: ")
    assert "\n" not in problem.message


def test_a_refusal_carries_the_fix_of_its_diagnosis() -> None:
    limit = "The account-level service limit 'ml.g5.2xlarge for training job usage' is 0 Instances"
    quota = translate(refusal("ResourceLimitExceeded", limit), "launch x")
    throttled = translate(refusal("ThrottlingException", "Rate exceeded"), "launch x")
    assert quota is not None
    assert [fix.kind for fix in quota.fixes] == [FixKind.NEXT_INSTANCE]
    assert throttled is not None
    assert throttled.fixes == ()


def test_a_denied_action_is_named_in_the_remedy() -> None:
    message = "User: arn:aws:iam::1:user/x is not authorized to perform: sagemaker:ListTrainingJobs on resource: *"

    problem = translate(refusal("AccessDeniedException", message), "list the training jobs")

    assert problem is not None
    assert "sagemaker:ListTrainingJobs" in problem.remedy


@pytest.mark.parametrize(
    "text",
    [
        "not authorized to perform: aws-marketplace:ViewSubscriptions",
        "is not authorized to perform: iam:PassRole on resource: x",
        "not authorized to perform: s3:PutObject with an explicit deny in an SCP",
    ],
    ids=["action", "role", "explicit"],
)
def test_a_denial_has_the_remedy_of_its_text(text: str) -> None:
    problem, known = translate(refusal("AccessDeniedException", text), "do it"), diagnose(text)
    assert problem is not None
    assert known is not None
    assert problem.remedy == known.remedy


def test_a_denial_without_details_has_a_remedy_of_its_own() -> None:
    problem = translate(refusal("AccessDeniedException", "Access Denied"), "do it")
    assert problem is not None
    assert problem.remedy


def test_a_request_that_this_boto3_does_not_know_names_the_upgrade() -> None:
    report = 'Unknown parameter in InputDataConfig[1]: "ModelAccessConfig", must be one of: S3DataType'
    problem = translate(e.ParamValidationError(report=report), "launch x")
    assert problem is not None
    assert (problem.code, "boto3" in problem.remedy) == ("BadRequest", True)


def test_messages_are_cleaned_and_redacted() -> None:
    nasty = "\x1b]52;c;aGk=\x07no\nway aws_secret_access_key=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"

    problem = translate(refusal("Odd", nasty), "do it")

    assert problem is not None
    assert "\x1b" not in problem.message
    assert "\n" not in problem.message
    assert "wJalr" not in problem.message


def test_other_errors_pass_through() -> None:
    with pytest.raises(ZeroDivisionError), translate_errors("divide"):
        _ = 1 / 0
    with pytest.raises(Problem, match="could not ask"), translate_errors("ask"):
        raise refusal("Odd")


@pytest.mark.parametrize(
    ("operation", "code", "message", "remedy"),
    [
        ("ListTrainingJobs", "InternalFailure", "An unknown error", "Wait a little and try again."),
        ("DescribeEndpoint", "InternalServerException", "internal", "Wait a little and try again."),
        ("InvokeEndpoint", "ServiceUnavailable", "The service is unavailable.", "Wait a little and try again."),
        (
            "InvokeEndpoint",
            "ModelError",
            'Received server error (500) from primary with message "InternalServerException"',
            "jsft endpoint NAME --logs",
        ),
        ("GetObject", "InvalidObjectState", "not valid for the object's access tier", "aws s3api restore-object"),
        ("GetObject", "KMS.DisabledException", "key/1 is disabled.", "request kms:Decrypt"),
    ],
)
def test_a_refused_call_launches_nothing_again(operation: str, code: str, message: str, remedy: str) -> None:
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 500}}

    found = translate(e.ClientError(answer, operation), "do it")

    assert found is not None
    assert remedy in found.remedy
    assert "aunch" not in found.remedy
