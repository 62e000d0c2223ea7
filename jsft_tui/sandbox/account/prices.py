"""The Price List API for `ml.*` training instances: pretended prices, near the real ones of late 2026.

Nothing is billed here. The numbers are rounded from public price lists (us-east-1 and us-west-2, July to
September 2026; p3 and older m/c types from earlier lists) and are the same in every region; a type that is not
in the table has no product, as a client must expect of the real list.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.sizing.pricing import bundled_prices
from jsft_tui.sandbox.http.page_token import read_token, write_token
from jsft_tui.sandbox.http.protocol import ApiError, Call

SERVICE_CODE = "AmazonSageMaker"
PUBLICATION_DATE = "2026-09-01T00:00:00Z"
VERSION = "20260901000000"
PAGE = 100

USD_PER_HOUR: Mapping[str, float] = {
    **{name: price.usd_per_hour for name, price in bundled_prices("us-west-2").items()},
    # Of earlier lists: types that the real price list no longer has, or that were not found in it.
    "ml.m5.12xlarge": 2.765,
    "ml.m5.24xlarge": 5.53,
    "ml.c5.18xlarge": 3.672,
    "ml.p3.2xlarge": 3.825,
    "ml.p3.8xlarge": 14.688,
    "ml.p3.16xlarge": 28.152,
}

# Billing's region prefixes of usage types, and the regions' names in the price list.
_REGIONS: Mapping[str, tuple[str, str]] = {
    "us-east-1": ("USE1", "US East (N. Virginia)"),
    "us-east-2": ("USE2", "US East (Ohio)"),
    "us-west-1": ("USW1", "US West (N. California)"),
    "us-west-2": ("USW2", "US West (Oregon)"),
    "ca-central-1": ("CAN1", "Canada (Central)"),
    "sa-east-1": ("SAE1", "South America (Sao Paulo)"),
    "eu-central-1": ("EUC1", "EU (Frankfurt)"),
    "eu-west-1": ("EU", "EU (Ireland)"),
    "eu-west-2": ("EUW2", "EU (London)"),
    "eu-west-3": ("EUW3", "EU (Paris)"),
    "eu-north-1": ("EUN1", "EU (Stockholm)"),
    "ap-northeast-1": ("APN1", "Asia Pacific (Tokyo)"),
    "ap-northeast-2": ("APN2", "Asia Pacific (Seoul)"),
    "ap-south-1": ("APS3", "Asia Pacific (Mumbai)"),
    "ap-southeast-1": ("APS1", "Asia Pacific (Singapore)"),
    "ap-southeast-2": ("APS2", "Asia Pacific (Sydney)"),
}


@dataclass(frozen=True)
class Product:
    """One entry of the price list."""

    attributes: Mapping[str, str]
    usd_per_hour: float

    def document(self) -> str:
        """The entry as the JSON text that GetProducts returns."""
        sku = hashlib.sha256(self.attributes["usagetype"].encode()).hexdigest()[:16].upper()
        offer = f"{sku}.JRTCKXETXF"
        rate = f"{offer}.6YS6EN2CT7"
        dimension = {
            "unit": "Hrs",
            "endRange": "Inf",
            "description": f"${self.usd_per_hour} for Training {self.attributes['instanceName']} per hour in "
            f"{self.attributes['location']} (pretended by the jsft sandbox)",
            "appliesTo": [],
            "rateCode": rate,
            "beginRange": "0",
            "pricePerUnit": {"USD": f"{self.usd_per_hour:.10f}"},
        }
        terms = {
            "priceDimensions": {rate: dimension},
            "sku": sku,
            "effectiveDate": PUBLICATION_DATE,
            "offerTermCode": "JRTCKXETXF",
            "termAttributes": {},
        }
        return json.dumps(
            {
                "product": {"productFamily": "ML Instance", "attributes": dict(self.attributes), "sku": sku},
                "serviceCode": SERVICE_CODE,
                "terms": {"OnDemand": {offer: terms}},
                "version": VERSION,
                "publicationDate": PUBLICATION_DATE,
            }
        )


class PriceListService:
    """GetProducts for `AmazonSageMaker`: training instances of the sandbox's region and the common ones."""

    def __init__(self, region: str) -> None:
        """`region` is the sandbox's own; the API itself is asked in another (us-east-1) as on AWS."""
        # Not checked against AWS: the billing prefix of a region that is not in the table.
        names = {region: (region.upper().replace("-", ""), region), **_REGIONS}
        self._products = [
            _product(name, price, code, prefix, location)
            for code, (prefix, location) in sorted(names.items())
            for name, price in USD_PER_HOUR.items()
        ]

    def handles(self, call: Call) -> bool:
        """GetProducts only."""
        return call.operation == "GetProducts"

    def answer(self, call: Call) -> dict[str, Any]:
        """The response body: a page of entries, each a JSON text.

        Raises:
            ApiError: another service code, or a token that is not ours.
        """
        wanted = call.parameters
        if wanted.get("ServiceCode") != SERVICE_CODE:
            # Not checked against AWS: the wording.
            raise ApiError("InvalidParameterException", f"The sandbox has prices of {SERVICE_CODE} only.")
        filters = wanted.get("Filters", [])
        found = [product for product in self._products if all(_accepts(rule, product) for rule in filters)]
        start = _read_start(wanted.get("NextToken"))
        end = start + int(wanted.get("MaxResults") or PAGE)
        answer: dict[str, Any] = {
            "FormatVersion": wanted.get("FormatVersion", "aws_v1"),
            "PriceList": [product.document() for product in found[start:end]],
        }
        if end < len(found):
            answer["NextToken"] = write_token(end)
        return answer


def _product(name: str, price: float, region: str, prefix: str, location: str) -> Product:
    facts = instance_type(name)
    attributes = {
        "servicecode": SERVICE_CODE,
        "servicename": "Amazon SageMaker",
        "regionCode": region,
        "location": location,
        "locationType": "AWS Region",
        "component": "Training",
        "operation": "CreateTrainingJob",
        "usagetype": f"{prefix}-Train:{name}",
        "instanceName": name,
        "instanceType": f"{name}-Training",
    }
    if facts is not None:
        attributes |= {
            "vCpu": str(facts.vcpus),
            "memory": f"{facts.memory_gib:g} GiB",
            "gpu": str(facts.gpus) if facts.gpus else "N/A",
            "computeType": "Accelerated Computing" if facts.gpus else "Standard Instances",
        }
    return Product(attributes, price)


_RULES: Mapping[str, Callable[[str, str], bool]] = {
    "TERM_MATCH": lambda value, wanted: value.lower() == wanted.lower(),
    "EQUALS": lambda value, wanted: value.lower() == wanted.lower(),
    "CONTAINS": lambda value, wanted: wanted.lower() in value.lower(),
    "ANY_OF": lambda value, wanted: value in wanted.split(","),
    "NONE_OF": lambda value, wanted: value not in wanted.split(","),
}


def _accepts(rule: Mapping[str, str], product: Product) -> bool:
    field = rule["Field"]
    if field.lower() == "productfamily":
        value = "ML Instance"
    else:
        # ServiceCode is written so in filters and "servicecode" in attributes.
        value = product.attributes.get(field, product.attributes.get(field.lower(), ""))
    return _RULES[rule["Type"]](value, rule["Value"])


def _read_start(token: str | None) -> int:
    try:
        return int(read_token(token)) if token else 0
    except (TypeError, ValueError) as problem:
        raise ApiError("InvalidNextTokenException", "The pagination token is invalid.") from problem
