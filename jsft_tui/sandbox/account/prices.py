"""Answer the Price List API for `ml.*` instances, with made-up prices close to those of late 2026.

The sandbox bills nothing. The numbers are rounded from public price lists (us-east-1 and us-west-2, July to September
2026; p3 and older m/c types from earlier lists) and are the same in every region. A type that is not in the table has
no product, which clients must expect of the real price list, too.
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
from jsft_tui.sandbox.http.service import ApiError, Call
from jsft_tui.sandbox.seed.recipes.models import OFFERS, Recipe, all_recipes

SERVICE_CODE = "AmazonSageMaker"
PUBLICATION_DATE = "2026-09-01T00:00:00Z"
VERSION = "20260901000000"
PAGE = 100
_REWARD_USD_PER_HOUR = 40.0
"""Made-up price of an hour of RLVR and RLAIF."""

USD_PER_HOUR: Mapping[str, float] = {
    **{name: price.usd_per_hour for name, price in bundled_prices("us-west-2").items()},
    # From earlier lists: types that the real price list no longer has, or that were not found in it.
    "ml.m5.12xlarge": 2.765,
    "ml.m5.24xlarge": 5.53,
    "ml.c5.18xlarge": 3.672,
    "ml.p3.2xlarge": 3.825,
    "ml.p3.8xlarge": 14.688,
    "ml.p3.16xlarge": 28.152,
}

# Region prefixes of usage types (as on bills), and region names in the price list.
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
class Use:
    """What an instance is used for: the words of the price list. Its prices are the same for all uses."""

    component: str
    usage: str
    operation: str


# Not checked against AWS: the operation of batch transform.
_USES = (
    Use("Training", "Train", "CreateTrainingJob"),
    Use("Hosting", "Host", "RunInstance"),
    Use("Batch Transform", "Tsform", "CreateTransformJob"),
)


@dataclass(frozen=True)
class Place:
    """A region, the prefix of its usage types, and its name in the price list."""

    region: str
    prefix: str
    location: str


@dataclass(frozen=True)
class Product:
    """One entry of the price list."""

    attributes: Mapping[str, str]
    usd: float
    unit: str = "Hrs"
    family: str = "ML Instance"

    @property
    def what(self) -> str:
        """What it is the price of."""
        return self.attributes.get("instanceName") or self.attributes["modelname"]

    def document(self) -> str:
        """Return the entry as the JSON text that GetProducts returns."""
        sku = hashlib.sha256(self.attributes["usagetype"].encode()).hexdigest()[:16].upper()
        offer = f"{sku}.JRTCKXETXF"
        rate = f"{offer}.6YS6EN2CT7"
        dimension = {
            "unit": self.unit,
            "endRange": "Inf",
            "description": f"${self.usd} per {self.unit} for {self.attributes['component']} {self.what} in "
            f"{self.attributes['location']} (made up by the jsft sandbox)",
            "appliesTo": [],
            "rateCode": rate,
            "beginRange": "0",
            "pricePerUnit": {"USD": f"{self.usd:.10f}"},
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
                "product": {"productFamily": self.family, "attributes": dict(self.attributes), "sku": sku},
                "serviceCode": SERVICE_CODE,
                "terms": {"OnDemand": {offer: terms}},
                "version": VERSION,
                "publicationDate": PUBLICATION_DATE,
            }
        )


class PriceListService:
    """GetProducts for `AmazonSageMaker`: instances in the sandbox's region and in common ones."""

    def __init__(self, region: str) -> None:
        """Use the sandbox's own region; the API itself is called in another one (us-east-1), as on AWS."""
        # Not checked against AWS: the billing prefix of a region that is not in the table.
        names = {region: (region.upper().replace("-", ""), region), **_REGIONS}
        instances = [
            _product(name, price, use, Place(code, prefix, location))
            for code, (prefix, location) in sorted(names.items())
            for name, price in USD_PER_HOUR.items()
            for use in _USES
        ]
        offering = sorted({region, *OFFERS})
        customizations = [_customization(recipe, code, names[code][1]) for recipe in all_recipes() for code in offering]
        self._products = [*instances, *customizations]

    def handles(self, call: Call) -> bool:
        """Return whether the operation is GetProducts."""
        return call.operation == "GetProducts"

    def answer(self, call: Call) -> dict[str, Any]:
        """Return the response body: a page of entries, each a JSON text.

        Raises:
            ApiError: unknown service code or invalid token.
        """
        wanted = call.parameters
        if wanted.get("ServiceCode") != SERVICE_CODE:
            # Not checked against AWS: the wording.
            raise ApiError("InvalidParameterException", f"The sandbox has prices for {SERVICE_CODE} only.")
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


def _product(name: str, price: float, use: Use, place: Place) -> Product:
    facts = instance_type(name)
    attributes = {
        "servicecode": SERVICE_CODE,
        "servicename": "Amazon SageMaker",
        "regionCode": place.region,
        "location": place.location,
        "locationType": "AWS Region",
        "component": use.component,
        "operation": use.operation,
        "usagetype": f"{place.prefix}-{use.usage}:{name}",
        "instanceName": name,
        "instanceType": f"{name}-{use.component}",
    }
    if facts is not None:
        attributes |= {
            "vCpu": str(facts.vcpus),
            "memory": f"{facts.memory_gib:g} GiB",
            "gpu": str(facts.gpus) if facts.gpus else "N/A",
            "computeType": "Accelerated Computing" if facts.gpus else "Standard Instances",
        }
    return Product(attributes, price)


def _customization(recipe: Recipe, region: str, location: str) -> Product:
    attributes = {
        "servicecode": SERVICE_CODE,
        "servicename": "Amazon SageMaker",
        "regionCode": region,
        "location": location,
        "locationType": "AWS Region",
        "component": "ServerlessTraining:FineTuning",
        "usagetype": recipe.usage_type(region),
        "modelname": recipe.model.model_id,
    }
    # Not checked against AWS: the product family, and the units.
    family = "Serverless Training"
    if recipe.is_hourly:
        return Product(attributes, _REWARD_USD_PER_HOUR, family=family)
    factor = (1.0 if recipe.has_adapter else 2.0) * (2.0 if recipe.technique == "DPO" else 1.0)
    return Product(attributes, recipe.model.usd_per_million * factor / 1000, "1K Tokens", family)


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
        value = product.family
    else:
        # Filters have "ServiceCode", attributes "servicecode".
        value = product.attributes.get(field, product.attributes.get(field.lower(), ""))
    return _RULES[rule["Type"]](value, rule["Value"])


def _read_start(token: str | None) -> int:
    try:
        return int(read_token(token)) if token else 0
    except (TypeError, ValueError) as error:
        raise ApiError("InvalidNextTokenException", "The pagination token is invalid.") from error
