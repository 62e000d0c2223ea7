"""List the texts of permissions that the execution role lacks: the job acts as the role, never as the caller."""

from __future__ import annotations

from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import ON_THE_INSTANCE, Origin

# A caller in Studio has the same name: calls of SageMaker's own API and iam:PassRole are the caller's.
# The session of a training job's role is named SageMaker: arn:aws:sts::...:assumed-role/ROLE/SageMaker (S3's wording in
# public logs; unverified in a FailureReason).
_ROLE_OF_JOB = (
    r"assumed-role/[^/\s]{1,128}/SageMaker\b[^:]{0,40}is not authorized to perform: "
    r"(?P<action>(?!sagemaker:|iam:)[\w:-]+)"
)

PATTERNS = (
    known(
        r"(?:because no|by the|in the|of the) VPC endpoint policy|"
        r"VPC endpoint policy[^.\n]{0,60}(?:denies|deny|allows)",
        "EndpointPolicy",
        "The policy of the VPC endpoint does not allow this access.",
        "Allow the bucket and the execution role in the policy of the VPC's S3 endpoint.",
        unverified=True,
    ),
    known(
        r"explicit deny",
        "ExplicitDeny",
        "A policy explicitly denies this to the execution role.",
        "Ask your administrator, or the owner of the bucket or key: an explicit deny overrides every permission.",
        origins=ON_THE_INSTANCE - {Origin.UNKNOWN},
    ),
    known(
        _ROLE_OF_JOB,
        "RoleDenied",
        "The execution role is not allowed to call {action}.",
        "Grant {action} to the execution role.",
        origins=frozenset({Origin.API, Origin.UNKNOWN, Origin.SCRIPT}),
        unverified=True,
    ),
    # A FailureReason begins so. A customization calls SageMaker's own API (hub, model packages) as the role.
    known(
        r"^\s*ClientError:[^\n]{0,200}assumed-role/[^/\s]{1,128}/SageMaker\b[^\n]{0,40}"
        r"is not authorized to perform: (?P<action>[\w:-]+)",
        "RoleDenied",
        "The execution role is not allowed to call {action}.",
        "Grant {action} to the execution role.",
        origins=frozenset({Origin.UNKNOWN}),
        unverified=True,
    ),
    known(
        r"not authorized to perform: (?P<action>[\w:-]+)",
        "RoleDenied",
        "The execution role is not allowed to call {action}, which the training script does.",
        "Grant {action} to the execution role.",
        origins=frozenset({Origin.SCRIPT}),
    ),
    known(
        r"\((?:AccessDenied\w*|403|UnauthorizedOperation)\) when calling the (?P<operation>\w+) operation",
        "RoleDenied",
        "The execution role is not allowed to call {operation}, which the training script does.",
        "Grant {operation} to the execution role.",
        origins=frozenset({Origin.SCRIPT}),
    ),
    known(
        r"NoCredentialsError|Unable to locate credentials|CredentialRetrievalError|error when retrieving credentials",
        "NoRole",
        "The training script calls AWS and finds no credentials, which a job without a network has not.",
        "Turn network isolation off, or what in the script calls AWS.",
        origins=frozenset({Origin.SCRIPT}),
    ),
    known(
        r"^(?!.*User: ).*\b(?P<action>ec2:(?:Create|Delete|Describe)[A-Z]\w+)",
        "RoleDenied",
        "The execution role is not allowed to call {action}, which a job in a VPC does.",
        "Grant {action} to the execution role.",
        origins=frozenset({Origin.API, Origin.UNKNOWN}),
        unverified=True,
    ),
    known(
        r"KMS\.\w*(?:Denied|NotFound|Disabled|InvalidState)\w*|KMS[^\n]{0,120}(?:denied|not authorized)",
        "KeyDenied",
        "The execution role is not allowed to use a KMS key of the job, or the key is disabled.",
        "Enable the key, and let its policy give the role kms:Decrypt, kms:GenerateDataKey and kms:CreateGrant.",
        origins=frozenset({Origin.UNKNOWN}),
        unverified=True,
    ),
)
