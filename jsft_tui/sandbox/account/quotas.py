"""Answer the Service Quotas API for SageMaker: the limits of the sandbox's account.

The names, and the codes as far as they are public, are those of AWS (Service Quotas, "Amazon SageMaker"). The applied
values come from the seed: some are zero, as in a new AWS account, and so are all that the seed does not name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsft_tui.core.instances.types import instance_types
from jsft_tui.sandbox.http.page_token import read_token, write_token
from jsft_tui.sandbox.http.service import ACCOUNT_ID, ApiError, Call
from jsft_tui.sandbox.seed import QUOTAS

SERVICE_CODE = "sagemaker"
SERVICE_NAME = "Amazon SageMaker"
PAGE = 100

LONGEST_RUN = "Longest run time for a training job"
INSTANCES_PER_JOB = "Maximum number of instances per training job"
ALL_TRAINING = "Number of instances across all training jobs"
ALL_SPOT_TRAINING = "Number of instances across all spot training jobs"

# Defaults that AWS documents or that public accounts show; every per-type default is zero.
_AGGREGATE_DEFAULTS: Mapping[str, float] = {
    LONGEST_RUN: 432_000,
    INSTANCES_PER_JOB: 20,
    ALL_TRAINING: 4,
    ALL_SPOT_TRAINING: 4,
    "Size of EBS volume for a training job instance": 1_024,
    "Keep alive period for cluster reuse": 3_600,
}

# Codes found in public sources. All others are made up (stable, in the same format).
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
    """One quota: its code, name, applied value and AWS default value."""

    code: str
    name: str
    value: float
    default: float


def training_usage(instance_type: str) -> str:
    """Return the name of the quota for on-demand training instances of a type."""
    return f"{instance_type} for training job usage"


def spot_usage(instance_type: str) -> str:
    """Return the name of the quota for spot training instances of a type."""
    return f"{instance_type} for spot training job usage"


def endpoint_usage(instance_type: str) -> str:
    """Return the name of the quota for instances of endpoints of a type."""
    return f"{instance_type} for endpoint usage"


def transform_usage(instance_type: str) -> str:
    """Return the name of the quota for instances of batch transform jobs of a type."""
    return f"{instance_type} for transform job usage"


def limit(name: str) -> float:
    """Return the applied value of a quota; zero if the account does not have it."""
    return QUOTAS.get(name, _AGGREGATE_DEFAULTS.get(name, 0.0))


@cache
def all_quotas() -> tuple[Quota, ...]:
    """Return all quotas of the sandbox, ordered by name."""
    names = set(_AGGREGATE_DEFAULTS) | set(QUOTAS)
    for instance_type in instance_types():
        names |= {
            training_usage(instance_type),
            spot_usage(instance_type),
            f"{instance_type} for training warm pool usage",
            endpoint_usage(instance_type),
            transform_usage(instance_type),
        }
    return tuple(
        Quota(_code(name), name, float(limit(name)), float(_AGGREGATE_DEFAULTS.get(name, 0))) for name in sorted(names)
    )


Describe = Callable[[Quota, str], dict[str, Any]]
"""Return the document of a quota in a region."""


class QuotasService:
    """The Service Quotas API for the service code `sagemaker`, the only service that the sandbox limits."""

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
        """Return whether this service implements the operation."""
        return call.operation in self._OPERATIONS

    def answer(self, call: Call) -> dict[str, Any]:
        """Return the response body.

        Raises:
            ApiError: `NoSuchResourceException` for another service or an unknown code,
                `InvalidPaginationTokenException` for an invalid token.
        """
        if call.operation == "ListServices":
            return {"Services": [{"ServiceCode": SERVICE_CODE, "ServiceName": SERVICE_NAME}]}
        if call.parameters.get("ServiceCode") != SERVICE_CODE:
            raise ApiError(
                "NoSuchResourceException",
                "The request failed because the specified service does not exist: "
                "the sandbox has quotas for sagemaker only.",
            )
        describe = _default_value if "AWSDefault" in call.operation else _applied_value
        if call.operation.startswith("Get"):
            return {"Quota": describe(_find(call.parameters["QuotaCode"]), call.region)}
        return _page(call, describe)


def _find(code: str) -> Quota:
    for quota in all_quotas():
        if quota.code == code:
            return quota
    raise ApiError("NoSuchResourceException", "The request failed because the specified quota does not exist.")


def _page(call: Call, describe: Describe) -> dict[str, Any]:
    quotas = all_quotas()
    if code := call.parameters.get("QuotaCode"):
        quotas = tuple(quota for quota in quotas if quota.code == code)
    start = 0
    if token := call.parameters.get("NextToken"):
        try:
            start = int(read_token(token))
        except (TypeError, ValueError) as error:
            raise ApiError("InvalidPaginationTokenException", "Invalid pagination token.") from error
    end = start + int(call.parameters.get("MaxResults") or PAGE)
    answer: dict[str, Any] = {"Quotas": [describe(quota, call.region) for quota in quotas[start:end]]}
    if end < len(quotas):
        answer["NextToken"] = write_token(end)
    return answer


def _applied_value(quota: Quota, region: str) -> dict[str, Any]:
    return {**_default_value(quota, region), "Value": quota.value}


def _default_value(quota: Quota, region: str) -> dict[str, Any]:
    return {
        "ServiceCode": SERVICE_CODE,
        "ServiceName": SERVICE_NAME,
        "QuotaArn": f"arn:aws:servicequotas:{region}:{ACCOUNT_ID}:{SERVICE_CODE}/{quota.code}",
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "Value": quota.default,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
        "QuotaAppliedAtLevel": "ACCOUNT",
    }


def _code(name: str) -> str:
    return _KNOWN_CODES.get(name) or f"L-{hashlib.sha256(name.encode()).hexdigest()[:8].upper()}"
