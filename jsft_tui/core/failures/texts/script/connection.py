"""List the texts about connections of the training script: between instances, to the Hugging Face Hub, to packages.

Sources: messages of PyTorch's distributed package, huggingface_hub (`errors.py`), requests, urllib3 and pip; for NCCL,
github.com/NVIDIA/nccl issue 1092: network errors are reported as "internal error".
"""

from __future__ import annotations

from jsft_tui.core.failures.diagnosis import FailurePattern, known
from jsft_tui.core.failures.origin import Origin

_ORIGINS = frozenset({Origin.SCRIPT, Origin.UNKNOWN})
_HUB = r"huggingface\.co"


def _between_instances(pattern: str) -> FailurePattern:
    return known(
        pattern,
        "Communication",
        "The GPUs or instances of the job could not communicate, or one of their processes ended first.",
        "Read the first error in the log of every host; with several instances, let the security group allow all "
        "traffic from itself.",
        origins=_ORIGINS,
    )


PATTERNS = (
    _between_instances(
        r"\bNCCL\b|WorkNCCL|nccl(?:Internal|System|Remote|Unhandled|Invalid|UniqueId)\w*|collective operation timeout|"
        r"DistBackendError|DistNetworkError|DistStoreError|Rendezvous\w*Error|\bgloo\b|"
        r"c10d[^\n]{0,80}(?:tim|connect)|MPI_ABORT|ORTE[^\n]{0,60}(?:lost|unable)|client socket has timed out|"
        r"client socket has failed|\bSocket Timeout\b|server socket has failed|Address already in use|"
        r"EADDRINUSE|unhandled system error|Collective ops is aborted|HorovodInternalError|"
        r"(?:not known|name resolution|gaierror)[^\n]{0,40}\balgo-\d|"
        r"\balgo-\d+\b[^\n]{0,80}(?:refused|timed out|unreachable)"
    ),
    known(
        rf"GatedRepoError|RepositoryNotFoundError|\bgated repo\b|"
        rf"(?:401|403) Client Error[^\n]{{0,200}}{_HUB}|is not a valid model identifier|"
        r"Invalid (?:username or password|user token)|Token is required",
        "HubDenied",
        "The Hugging Face Hub does not give the training script what it asks for: gated, private or not there.",
        "Turn off what reads from or writes to the Hub; JumpStart's own weights need no account there.",
        origins=_ORIGINS,
    ),
    known(
        rf"(?:429|5\d\d) (?:Client|Server) Error[^\n]{{0,200}}{_HUB}",
        "HubBusy",
        "The Hugging Face Hub did not answer the training script.",
        "Launch the job again later.",
        origins=_ORIGINS,
    ),
    known(
        rf"(?:{_HUB}|pypi\.org|github\.com)[^\n]{{0,200}}(?:Max retries|Name or service|timed out|(?:to|not) resolve)|"
        rf"(?:Max retries exceeded|couldn't connect|Failed to resolve|Cannot reach)[^\n]{{0,200}}(?:{_HUB}|pypi\.org)|"
        r"Temporary failure in name resolution|NameResolutionError|Name or service not known|getaddrinfo failed|"
        r"Network is unreachable|Failed to establish a new connection|LocalEntryNotFoundError|"
        r"offline ?mode is ?enabled|"
        r"Can't load (?:the )?(?:tokenizer|model|config\w*|feature extractor|image processor)\b[^\n]{0,40} for|"
        r"Max retries exceeded|Connection to \S+ timed out|Network error \(Connection|"
        r"Could not connect to the endpoint URL|EndpointConnectionError|"
        r"(?:Connect(?:ion)?|Read) ?timed? ?out[^\n]{0,120}https?://",
        "NoInternet",
        "The training script wants the internet, which the job does not reach.",
        "Turn network isolation off, or give the VPC's subnets a NAT gateway.",
        origins=_ORIGINS,
    ),
    known(
        r"InstallRequirementsError|InstallModuleError|No matching distribution found|"
        r"Could not find a version that satisfies|pip3?[^\n]{0,200}(?:non-zero exit status|failed with error code)|"
        r"ResolutionImpossible|Failed building wheel",
        "Install",
        "A package that the training script needs could not be installed.",
        "Without the internet (network isolation, a VPC without NAT) none can be; else correct its version.",
        origins=_ORIGINS,
    ),
    _between_instances(r"No route to host|Connection (?:reset|closed|refused) by peer"),
)
