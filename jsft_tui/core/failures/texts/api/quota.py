"""List the texts of exceeded service quotas: the name of the quota decides what helps.

Names: "Amazon SageMaker endpoints and quotas" (AWS General Reference).
"""

from __future__ import annotations

from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.failures.diagnosis import FailurePattern, known
from jsft_tui.core.failures.origin import EVERYWHERE, Origin


def _quota(name: str, code: str, cause: str, remedy: str, *fixes: FixKind) -> FailurePattern:
    """Return the pattern of an exceeded quota whose name matches `name`."""
    pattern = rf"service limit ['\"](?P<quota>{name})['\"] is (?P<limit>\d+(?:\.\d+)?)"
    return known(pattern, code, cause, remedy, *fixes, origins=EVERYWHERE - {Origin.SCRIPT})


_CAUSE = "The quota {quota!r} is {limit} in this region."
_REQUEST = "Request a quota increase in the Service Quotas console"

PATTERNS = (
    _quota(
        r"[^']*processing job[^']*",
        "ProcessingQuota",
        "The quota {quota!r} ({limit}) is used up by debugger or profiler jobs.",
        "Turn the profiler off; jsft never turns it on.",
    ),
    _quota(
        r"[^']*warm pool[^']*",
        "WarmPoolQuota",
        _CAUSE,
        f"Remove instance.keep_alive from the run, or {_REQUEST[0].lower()}{_REQUEST[1:]}.",
    ),
    _quota(
        r"[^']*run ?time[^']*",
        "RuntimeQuota",
        "The quota {quota!r} is {limit} seconds in this region.",
        f"Lower instance.max_runtime, or {_REQUEST[0].lower()}{_REQUEST[1:]}.",
    ),
    _quota(
        r"[^']*(?:EBS|volume|storage)[^']*",
        "VolumeQuota",
        _CAUSE,
        f"Lower instance.volume_gb, or {_REQUEST[0].lower()}{_REQUEST[1:]}.",
    ),
    _quota(
        r"[^']* per (?:training|hyper ?parameter|tuning|transform|endpoint)[^']*",
        "JobQuota",
        "A single job may have at most {limit}: the quota {quota!r}.",
        f"Ask for less in the run, or {_REQUEST[0].lower()}{_REQUEST[1:]}.",
    ),
    _quota(
        r"[^']*(?:serverless|endpoint)[^']*",
        "EndpointQuota",
        _CAUSE,
        f"Delete endpoints that nobody needs (jsft endpoints), choose another type, or "
        f"{_REQUEST[0].lower()}{_REQUEST[1:]}.",
    ),
    _quota(
        r"ml\.[^']+ for transform job usage",
        "TransformQuota",
        _CAUSE,
        f"Choose another type (--instance TYPE), or {_REQUEST[0].lower()}{_REQUEST[1:]}.",
    ),
    _quota(
        r"[^']*number of instances[^']*",
        "InstancesQuota",
        _CAUSE,
        f"Use fewer instances, wait until other jobs end, or {_REQUEST[0].lower()}{_REQUEST[1:]}.",
    ),
    _quota(
        r"[^']*\bspot\b[^']*",
        "SpotQuota",
        _CAUSE,
        Remedy(
            f"Train on demand, {_REQUEST[0].lower()}{_REQUEST[1:]}, or choose an instance type that has quota",
            RemedyCommand.INSTANCES,
        ),
        FixKind.NEXT_INSTANCE,
    ),
    _quota(
        r"ml\.[^']+",
        "Quota",
        _CAUSE,
        Remedy(f"{_REQUEST}, or choose an instance type that has quota", RemedyCommand.INSTANCES),
        FixKind.NEXT_INSTANCE,
    ),
    _quota(r"[^']+", "AccountQuota", _CAUSE, f"Wait until other jobs end, or {_REQUEST[0].lower()}{_REQUEST[1:]}."),
    known(
        r"(?:ServiceQuotaExceeded(?:Exception)?|(?<!Resource)LimitExceeded(?:Exception)?)\b",
        "AccountQuota",
        "A quota of the account is used up.",
        f"Delete what nobody needs any more, or {_REQUEST[0].lower()}{_REQUEST[1:]}.",
        origins=frozenset({Origin.API, Origin.UNKNOWN}),
        is_general=True,
    ),
    known(
        r"ResourceLimitExceeded\b(?!.*not available in this region)",
        "AccountQuota",
        "A quota of the account is used up.",
        f"Wait until other jobs end, or {_REQUEST[0].lower()}{_REQUEST[1:]}.",
        origins=frozenset({Origin.API, Origin.UNKNOWN}),
        is_general=True,
    ),
)
