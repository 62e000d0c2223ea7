"""List the texts about the input data: finding it, and downloading it to the instance."""

from __future__ import annotations

from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import EVERYWHERE, Origin

_DOWNLOAD = frozenset({Origin.DOWNLOAD})
_DENIED = (
    r"Access ?Denied|Forbidden|\b403\b|not authorized|Unauthorized|\b401\b|"
    r"has (?:the )?['\"]?s3:\w+|s3:\w+['\"]? permissions?|(?:in|no )sufficient permission"
)

PATTERNS = (
    known(
        r"No S3 objects found.*bucket is in this region: (?P<region>[\w-]+)",
        "BucketRegion",
        "The bucket of the data is in {region}, not in the job's region.",
        "Train in {region}, or copy the data to a bucket in the job's region.",
    ),
    known(
        r"No S3 objects found under S3 URL \"(?P<uri>[^\"]*)\".*from S3: Access ?Denied",
        "ListDenied",
        "The execution role is not allowed to list {uri}.",
        "Grant the role s3:ListBucket on the bucket.",
    ),
    known(
        r"No S3 objects found under S3 URL \"(?P<uri>[^\"]*)\"",
        "NoData",
        "SageMaker found no objects under {uri}.",
        "Check the prefix for a typo, that the bucket is in the job's region, and that the execution role may list it.",
    ),
    known(
        r"NoSuchBucket|specified bucket does not exist|bucket [^.\n]{0,80}does not exist",
        "NoBucket",
        "The bucket does not exist.",
        "Check its name in the run: data, and output.",
        origins=EVERYWHERE - {Origin.SCRIPT},
    ),
    # github.com/aws-samples/generative-ai-on-amazon-sagemaker pull 242.
    known(
        r"illegal char(?:acter)? sub-?sequence",
        "KeyName",
        "A key under the data has an empty part (//), which SageMaker cannot download.",
        "Copy the objects to keys without // and give that prefix.",
        origins=EVERYWHERE - {Origin.SCRIPT},
    ),
    # github.com/aws/sagemaker-python-sdk issue 3356; "Ambiguous file names" in S3ModelDataSource
    # (SageMaker API reference).
    # What a disk holds: a part of a path has at most 255 bytes (ext4).
    known(
        r"File ?name too long|ENAMETOOLONG|Errno 36\b",
        "KeyName",
        "A key under the data has a part that is too long for a file name.",
        "Copy the objects to keys whose parts have at most 255 bytes.",
        origins=frozenset({Origin.DOWNLOAD, Origin.API}),
    ),
    # A public notebook's note of the text; unverified elsewhere.
    known(
        r"partial S3 prefix is not supported",
        "PartialPrefix",
        "In fast file mode the data's URI must end with a whole file or folder name, not with the start of some.",
        "End the URI with a / if it names a folder.",
        origins=frozenset({Origin.DOWNLOAD, Origin.API}),
        unverified=True,
    ),
    known(
        r"Is a directory|Not a directory|File exists|Ambiguous file names|name clash|both a folder as well as a file",
        "KeyClash",
        "A key under the data is both a file and a folder, which a disk cannot hold.",
        "Delete the object with the name of the folder, or copy the data to a prefix without it.",
        origins=frozenset({Origin.DOWNLOAD, Origin.API}),
    ),
    known(
        r"InvalidObjectState|storage class|archived|\bGLACIER\b|DEEP_ARCHIVE",
        "Archived",
        "Objects of the data are archived and cannot be read.",
        "Restore them (aws s3api restore-object), or copy them to another storage class.",
        origins=frozenset({Origin.DOWNLOAD, Origin.API}),
    ),
    # S3DataSource (SageMaker API reference): a manifest is a JSON array whose first element is a prefix.
    known(
        r"(?:pars|read|invalid|malformed|not (?:a )?valid)[^\n]{0,40}manifest|"
        r"manifest[^\n]{0,80}(?:not (?:a )?valid|malformed|invalid|(?:cannot|could not|failed to) be|failed)",
        "Manifest",
        "SageMaker could not read the manifest of the data.",
        "Give the prefix of the objects themselves, or write the manifest as its page says.",
        origins=EVERYWHERE - {Origin.SCRIPT, Origin.IMAGE},
        unverified=True,
    ),
    known(
        r"Requester ?Pays",
        "RequesterPays",
        "The bucket lets the requester pay, which a training job does not do.",
        "Copy the data to a bucket of your own.",
        origins=frozenset({Origin.DOWNLOAD, Origin.API}),
        unverified=True,
    ),
    known(
        r"kms:Decrypt|\bKMS\b[^\n]{0,120}(?:denied|not authorized)|ciphertext refers to|KMS\.\w+Exception",
        "DataKey",
        "The execution role is not allowed to decrypt the data with its KMS key.",
        "Grant the role kms:Decrypt, in its policy and in the policy of the key.",
        origins=_DOWNLOAD,
    ),
    known(
        _DENIED,
        "DownloadDenied",
        "The execution role is not allowed to read the data (or the gated weights).",
        "Grant the role s3:GetObject and s3:ListBucket on the bucket (AmazonSageMakerFullAccess covers only buckets "
        "with 'sagemaker' in their name) and kms:Decrypt on its key; for a gated model accept the EULA and use its "
        "newest version.",
        FixKind.ACCEPT_EULA,
        origins=_DOWNLOAD,
    ),
    known(
        r"NoSuchKey|Not ?Found|\b404\b",
        "DataGone",
        "An object of the data was deleted before it was downloaded.",
        "Leave the data unchanged until the job trains, or give a prefix of your own.",
        origins=_DOWNLOAD,
    ),
    known(
        r"timed? ?out|Timeout|could not connect|connection (?:reset|refused)|no route|Unable to execute request to S3",
        "Network",
        "The instance could not reach S3.",
        "Give the VPC's subnets an S3 gateway endpoint or a NAT gateway.",
        origins=frozenset({Origin.DOWNLOAD, Origin.UPLOAD}),
    ),
    # Whatever else it says: the training has not begun, and nothing of the script is to blame.
    known(
        r"Data download failed|fail(?:ed|ure)[^\n]{0,20} download|Unable to (?:download|access)",
        "Download",
        "SageMaker could not copy the data to the instance, so the training never began.",
        "Check the prefix, that the execution role may read all of it, and that a VPC has a way to S3.",
        origins=_DOWNLOAD,
        is_general=True,
    ),
)
