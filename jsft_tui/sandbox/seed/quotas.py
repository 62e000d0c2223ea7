"""Define SageMaker's service quotas in the sandbox's account; some are deliberately zero.

The names are those of Service Quotas (AWS General Reference, "Amazon SageMaker AI endpoints and quotas"); the
values are the sandbox's own, chosen so that every kind of result can occur.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_ON_DEMAND = {
    "ml.c4.8xlarge": 0,
    "ml.c5.xlarge": 4,
    "ml.c5.2xlarge": 4,
    "ml.c5.4xlarge": 2,
    "ml.c5.9xlarge": 1,
    "ml.c5.18xlarge": 0,
    "ml.g4dn.xlarge": 2,
    "ml.g4dn.2xlarge": 2,
    "ml.g4dn.4xlarge": 1,
    "ml.g4dn.8xlarge": 1,
    "ml.g4dn.12xlarge": 1,
    "ml.g4dn.16xlarge": 0,
    "ml.g5.xlarge": 2,
    "ml.g5.2xlarge": 2,
    "ml.g5.4xlarge": 1,
    "ml.g5.8xlarge": 1,
    "ml.g5.12xlarge": 1,
    "ml.g5.16xlarge": 0,
    "ml.g5.24xlarge": 0,
    "ml.g5.48xlarge": 1,
    "ml.g6.xlarge": 1,
    "ml.g6.2xlarge": 1,
    "ml.g6.12xlarge": 0,
    "ml.g6.48xlarge": 0,
    "ml.m4.xlarge": 1,
    "ml.m4.16xlarge": 0,
    "ml.m5.large": 4,
    "ml.m5.xlarge": 4,
    "ml.m5.2xlarge": 4,
    "ml.m5.4xlarge": 2,
    "ml.m5.12xlarge": 1,
    "ml.m5.24xlarge": 0,
    "ml.p2.xlarge": 0,
    "ml.p2.8xlarge": 0,
    "ml.p2.16xlarge": 0,
    "ml.p3.2xlarge": 0,
    "ml.p3.8xlarge": 0,
    "ml.p3.16xlarge": 0,
    "ml.p3dn.24xlarge": 0,
    "ml.p4d.24xlarge": 0,
    "ml.p5.48xlarge": 0,
    "ml.trn1.32xlarge": 0,
    "ml.trn1n.32xlarge": 0,
}
_SPOT = {
    "ml.c5.2xlarge": 4,
    "ml.g4dn.xlarge": 2,
    "ml.g4dn.12xlarge": 0,
    "ml.g5.xlarge": 1,
    "ml.g5.2xlarge": 1,
    "ml.g5.12xlarge": 0,
    "ml.g5.48xlarge": 0,
    "ml.m5.large": 4,
    "ml.m5.xlarge": 4,
    "ml.m5.4xlarge": 2,
    "ml.p3.2xlarge": 0,
    "ml.p3.8xlarge": 0,
    "ml.p3.16xlarge": 0,
}
_WARM_POOL = {"ml.g4dn.xlarge": 0, "ml.g5.xlarge": 0, "ml.m5.xlarge": 0, "ml.p3.2xlarge": 0}
_ENDPOINT = {
    "ml.c5.xlarge": 4,
    "ml.c5.2xlarge": 4,
    "ml.c5.4xlarge": 2,
    "ml.g4dn.xlarge": 2,
    "ml.g4dn.2xlarge": 1,
    "ml.g4dn.12xlarge": 0,
    "ml.g5.xlarge": 2,
    "ml.g5.2xlarge": 2,
    "ml.g5.4xlarge": 1,
    "ml.g5.12xlarge": 1,
    "ml.g5.48xlarge": 0,
    "ml.m5.large": 4,
    "ml.m5.xlarge": 4,
    "ml.m5.2xlarge": 4,
    "ml.m5.4xlarge": 2,
    "ml.m5.12xlarge": 1,
    "ml.p3.2xlarge": 0,
    "ml.p4d.24xlarge": 0,
    "ml.t2.medium": 4,
}
_TRANSFORM = {
    "ml.c5.xlarge": 4,
    "ml.c5.2xlarge": 4,
    "ml.g4dn.xlarge": 1,
    "ml.g5.xlarge": 0,
    "ml.m5.large": 4,
    "ml.m5.xlarge": 4,
    "ml.m5.2xlarge": 4,
    "ml.m5.4xlarge": 2,
    "ml.p3.2xlarge": 0,
}
_AGGREGATE = {
    "Longest run time for a training job": 432_000,
    "Maximum number of instances per training job": 20,
    "Number of instances across all training jobs": 20,
    "Number of instances across all spot training jobs": 20,
    "Size of EBS volume for a training job instance": 1_024,
    "Keep alive period for cluster reuse": 3_600,
}


def _quotas() -> dict[str, float]:
    quotas: dict[str, float] = {}
    for usage, values in (
        ("training job usage", _ON_DEMAND),
        ("spot training job usage", _SPOT),
        ("training warm pool usage", _WARM_POOL),
        ("endpoint usage", _ENDPOINT),
        ("transform job usage", _TRANSFORM),
    ):
        quotas.update({f"{instance} for {usage}": float(value) for instance, value in values.items()})
    quotas.update({name: float(value) for name, value in _AGGREGATE.items()})
    return quotas


QUOTAS: Mapping[str, float] = MappingProxyType(_quotas())
"""Maps quota names to values. Times are in seconds, volumes in GB, everything else in instances."""
