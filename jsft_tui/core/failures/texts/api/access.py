"""List the texts of missing permissions: of the caller, and of the execution role's trust policy."""

from __future__ import annotations

from jsft_tui.core.failures.diagnosis import FailurePattern, known
from jsft_tui.core.failures.origin import Origin


def _caller(pattern: str, code: str, cause: str, remedy: str) -> FailurePattern:
    """Return a pattern of the answers to the caller's own requests; on the instance, the execution role acts."""
    return known(pattern, code, cause, remedy, origins=frozenset({Origin.API, Origin.UNKNOWN}))


PATTERNS = (
    known(
        r"\(KMS\.\w+\)|ciphertext refers to",
        "CallerKey",
        "The KMS key of the object is disabled, deleted, or not yours to use.",
        "Enable the key, or request kms:Decrypt and kms:GenerateDataKey on it.",
        origins=frozenset({Origin.API}),
        unverified=True,
    ),
    _caller(
        r"(?:could not|(?:was )?unable to|cannot|failed to) assume (?:the )?(?:execution )?role|"
        r"unable to perform: sts:AssumeRole|role[^\n]{0,160}cannot be assumed",
        "RoleTrust",
        "SageMaker is not allowed to assume the execution role.",
        "Allow sagemaker.amazonaws.com to assume it in the role's trust policy, or choose another role.",
    ),
    _caller(
        r"Cross-account pass role",
        "RoleAccount",
        "The execution role belongs to another account.",
        "Choose a role of the account that the job runs in.",
    ),
    _caller(
        r"explicit deny",
        "ExplicitDeny",
        "A policy of your organization denies this.",
        "Ask your administrator; conditions on instance types, VPC, keys or gated models are common.",
    ),
    _caller(
        r"not authorized to perform: iam:PassRole",
        "PassRole",
        "Your identity is not allowed to pass the execution role to SageMaker.",
        "Request iam:PassRole on that role.",
    ),
    _caller(
        r"not authorized to perform: sagemaker:AddTags",
        "AddTags",
        "Your identity is not allowed to tag training jobs.",
        "Request sagemaker:AddTags; the tags record which model a job was made from.",
    ),
    _caller(
        r"not authorized to perform: (?P<action>[\w:-]+)",
        "AccessDenied",
        "Your identity is not allowed to call {action}.",
        "Request permission for {action}.",
    ),
    _caller(
        r"OptInRequired|needs a subscription for the service|"
        r"account[^.\n]{0,40}(?:is|been) (?:\w+ )?(?:suspended|blocked|pending|inactive|not active)",
        "Account",
        "AWS has not activated this account, or has suspended it.",
        "Ask the owner of the account: AWS's Support Center says why.",
    ),
)
