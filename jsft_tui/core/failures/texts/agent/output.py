"""List the texts about uploading the model artifact."""

from __future__ import annotations

from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import EVERYWHERE, Origin

PATTERNS = (
    known(
        r"BucketRegionError|bucket[^\n]{0,120}(?:must be in|of) the same region|PermanentRedirect|"
        r"AuthorizationHeaderMalformed|the region '[\w-]+' is wrong|must be addressed using the specified endpoint",
        "BucketRegion",
        "The bucket is not in the job's region.",
        "Choose a bucket in the job's region, written as s3://bucket, not as https://.",
        origins=EVERYWHERE - {Origin.SCRIPT},
    ),
    known(
        r"Artifact upload failed.*Out of Memory",
        "UploadMemory",
        "The instance ran out of memory while packing the model.",
        "Choose an instance type with more memory.",
        FixKind.MORE_MEMORY,
    ),
    known(
        r"kms:\w+|GenerateDataKey|\bKMS\b",
        "OutputKey",
        "The execution role is not allowed to encrypt the model with the KMS key of the output.",
        "Grant the role kms:GenerateDataKey and kms:Decrypt on the key, or remove kms.output from the run.",
        origins=frozenset({Origin.UPLOAD}),
    ),
    # A lab's write-up: "Artifact upload failed:Error 7: AccessDenied (403): Access Denied".
    known(
        r"Access ?Denied|Forbidden|\b403\b|not authorized|Unauthorized|(?:in|no )sufficient permission|s3:PutObject|"
        r"credentials[^\n]{0,40}(?:insufficient|invalid|expired)",
        "UploadDenied",
        "The execution role is not allowed to write to the bucket of the output, or of the checkpoints.",
        "Grant the role s3:PutObject on it (and the use of its KMS key), or choose another output.",
        origins=frozenset({Origin.UPLOAD}),
    ),
    # S3: an upload in one part has at most 5 GB, an object at most 50 TB (S3 User Guide, multipart upload limits).
    known(
        r"EntityTooLarge|exceeds the maximum allowed (?:object )?size",
        "ArtifactSize",
        "The model is larger than S3 takes.",
        "Save fewer checkpoints, or give the run a checkpoint place of its own.",
        origins=frozenset({Origin.UPLOAD}),
        unverified=True,
    ),
    known(
        r"^\s*(?:ClientError: )?Checkpoint",
        "Checkpoints",
        "SageMaker could not copy the checkpoints to their place in S3.",
        "Check that the bucket of checkpoint exists in the job's region and that the execution role may write to it.",
        origins=frozenset({Origin.UPLOAD}),
        is_general=True,
    ),
    known(
        r"upload",
        "Upload",
        "The training ended, but SageMaker could not write the model to the output bucket.",
        "Check that the bucket exists in the job's region and that the execution role may write to it.",
        origins=frozenset({Origin.UPLOAD}),
        is_general=True,
    ),
)
