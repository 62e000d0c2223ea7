"""List the texts about a job's VPC, and the file systems in it."""

from __future__ import annotations

from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import EVERYWHERE, Origin

PATTERNS = (
    known(
        r"different networks|subnet(?: ID)? '?[\w-]*'? does not exist|security group '?[\w-]*'? does not exist|"
        r"InvalidSubnetID|InvalidGroup|Invalid ?Security ?Group|"
        r"security group(?: ID)?s?[^\n]{0,60}(?:do|does) not exist|"
        r"not (?:in|part of) the same VPC",
        "VpcConfig",
        "The subnets and security groups of the run do not exist, or belong to different VPCs.",
        "Choose subnets and security groups of one VPC in the job's region.",
        origins=EVERYWHERE - {Origin.SCRIPT},
        unverified=True,
    ),
    known(
        r"\b(?:EFS|FSx|fs-[0-9a-f]{8,})\b|mount\.(?:nfs|lustre)",
        "FileSystem",
        "The file system of the data could not be mounted.",
        "Check that it is in the VPC of the job, and that its security group lets the job's in (EFS: port 2049; "
        "FSx for Lustre: 988 and 1018 to 1023).",
        origins=EVERYWHERE - {Origin.SCRIPT},
        unverified=True,
    ),
    known(
        r"private IP|route table|"
        r"insufficient free (?:IP )?addresses|S3 (?:VPC )?endpoint|ConnectTimeout.*s3|default tenancy|"
        r"self-?referenc",
        "Network",
        "The VPC has too few free addresses, no route to S3, or no traffic between the instances.",
        "Use subnets of default tenancy with two free addresses per instance, an S3 gateway endpoint, and a security "
        "group that allows traffic from itself.",
        origins=EVERYWHERE - {Origin.SCRIPT},
    ),
)
