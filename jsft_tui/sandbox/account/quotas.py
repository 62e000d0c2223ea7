"""Service Quotas for SageMaker: the limits of the sandbox's account.

Names, and the codes that are known, are AWS's (Service Quotas, "Amazon SageMaker"); the applied values are
the seed's, some of them zero as in a new AWS account. Types that the seed does not name have a quota of zero.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsft_tui.core.instances.types import instance_types
from jsft_tui.sandbox.http.page_token import read_token, write_token
from jsft_tui.sandbox.http.protocol import ACCOUNT_ID, ApiError, Call
from jsft_tui.sandbox.seed import QUOTAS

SERVICE_CODE = "sagemaker"
SERVICE_NAME = "Amazon SageMaker"
PAGE = 100

LONGEST_RUN = "Longest run time for a training job"
INSTANCES_PER_JOB = "Maximum number of instances per training job"
ALL_TRAINING = "Number of instances across all training jobs"
ALL_SPOT_TRAINING = "Number of instances across all spot training jobs"

# What AWS documents or public accounts show as defaults; every per-type default is zero.
_AGGREGATE_DEFAULTS: Mapping[str, float] = {
    LONGEST_RUN: 432_000,
    INSTANCES_PER_JOB: 20,
    ALL_TRAINING: 4,
    ALL_SPOT_TRAINING: 4,
    "Size of EBS volume for a training job instance": 1_024,
    "Keep alive period for cluster reuse": 3_600,
}

# The codes that public sources show. All others are made up here (stable, in the same form).
_KNOWN_CODES: Mapping[str, str] = {
    "ml.p3.2xlarge for training job usage": "L-D438008E",
    "ml.p3.2xlarge for spot training job usage": "L-2D4C6493",
    "ml.p3.2xlarge for training warm pool usage": "L-E3709F6E",
    "ml.p3.8xlarge for training job usage": "L-558F1246",
    "ml.p3.8xlarge for spot training job usage": "L-0201B959",
    "ml.p3.8xlarge for training warm pool usage": "L-5CA5BEE6",
    "ml.p3.16xlarge for training job usage": "L-A99E0304",
    "ml.p3.16xlarge for spot training job usage": "L-D58A90BB",
    "ml.p3.16xlarge for training warm pool usage": "L-763CF8E3",
    LONGEST_RUN: "L-33A961FD",
}


@dataclass(frozen=True)
class Quota:
    """One quota: its code, name, applied value and AWS's default."""

    code: str
    name: str
    value: float
    default: float


def training_usage(instance_type: str) -> str:
    """The quota's name for on-demand training instances of a type."""
    return f"{instance_type} for training job usage"


def spot_usage(instance_type: str) -> str:
    """The quota's name for spot training instances of a type."""
    return f"{instance_type} for spot training job usage"


def limit(name: str) -> float:
    """The applied value of a quota; zero for one that the account does not have."""
    return QUOTAS.get(name, _AGGREGATE_DEFAULTS.get(name, 0.0))


@cache
def all_quotas() -> tuple[Quota, ...]:
    """Every quota of the sandbox, by name."""
    names = set(_AGGREGATE_DEFAULTS) | set(QUOTAS)
    for instance_type in instance_types():
        names |= {
            training_usage(instance_type),
            spot_usage(instance_type),
            f"{instance_type} for training warm pool usage",
        }
    return tuple(
        Quota(_code(name), name, float(limit(name)), float(_AGGREGATE_DEFAULTS.get(name, 0))) for name in sorted(names)
    )


class QuotasService:
    """Service Quotas' API for service code `sagemaker`, the only service that the sandbox limits."""

    _OPERATIONS = frozenset(
        {
            "ListServices",
            "ListServiceQuotas",
            "GetServiceQuota",
            "ListAWSDefaultServiceQuotas",
            "GetAWSDefaultServiceQuota",
        }
    )

    def handles(self, call: Call) -> bool:
        """Whether the operation is one of ours."""
        return call.operation in self._OPERATIONS

    def answer(self, call: Call) -> dict[str, Any]:
        """The response body.

        Raises:
            ApiError: `NoSuchResourceException` for another service or an unknown code,
                `InvalidPaginationTokenException` for a token that is not ours.
        """
        if call.operation == "ListServices":
            return {"Services": [{"ServiceCode": SERVICE_CODE, "ServiceName": SERVICE_NAME}]}
        if call.parameters.get("ServiceCode") != SERVICE_CODE:
            raise ApiError(
                "NoSuchResourceException",
                "The request failed because the specified service does not exist: "
                "the sandbox has quotas of sagemaker only.",
            )
        of_defaults = "AWSDefault" in call.operation
        if call.operation.startswith("Get"):
            return {"Quota": _find(call, of_defaults)}
        return _page(call, of_defaults)


def _find(call: Call, of_defaults: bool) -> dict[str, Any]:
    for quota in all_quotas():
        if quota.code == call.parameters["QuotaCode"]:
            return _described(quota, call.region, of_defaults)
    raise ApiError("NoSuchResourceException", "The request failed because the specified quota does not exist.")


def _page(call: Call, of_defaults: bool) -> dict[str, Any]:
    quotas = all_quotas()
    if code := call.parameters.get("QuotaCode"):
        quotas = tuple(quota for quota in quotas if quota.code == code)
    start = 0
    if token := call.parameters.get("NextToken"):
        try:
            start = int(read_token(token))
        except (TypeError, ValueError) as problem:
            raise ApiError("InvalidPaginationTokenException", "Invalid pagination token.") from problem
    end = start + int(call.parameters.get("MaxResults") or PAGE)
    answer: dict[str, Any] = {"Quotas": [_described(quota, call.region, of_defaults) for quota in quotas[start:end]]}
    if end < len(quotas):
        answer["NextToken"] = write_token(end)
    return answer


def _described(quota: Quota, region: str, of_defaults: bool) -> dict[str, Any]:
    return {
        "ServiceCode": SERVICE_CODE,
        "ServiceName": SERVICE_NAME,
        "QuotaArn": f"arn:aws:servicequotas:{region}:{ACCOUNT_ID}:{SERVICE_CODE}/{quota.code}",
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "Value": quota.default if of_defaults else quota.value,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
        "QuotaAppliedAtLevel": "ACCOUNT",
    }


def _code(name: str) -> str:
    return _KNOWN_CODES.get(name) or f"L-{hashlib.sha256(name.encode()).hexdigest()[:8].upper()}"
