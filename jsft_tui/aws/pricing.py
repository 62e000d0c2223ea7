"""On-demand prices of training instances (Price List API)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from jsft_tui.aws.client.errors import asking
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.sizing.pricing import PRICE_LIST, Price

SERVICE = "AmazonSageMaker"
API_REGIONS = ("us-east-1", "eu-central-1", "ap-south-1")
"""Where the Price List API has endpoints. Not checked against AWS; a session for the nearest must be given."""


class PriceList:
    """Prices as a target's Price List API tells them."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def training_prices(self, region: str) -> dict[str, Price]:
        """Instance type -> price in a region, for all types that the list has for training."""
        filters = [
            {"Type": "TERM_MATCH", "Field": "regionCode", "Value": region},
            {"Type": "TERM_MATCH", "Field": "component", "Value": "Training"},
        ]
        found: dict[str, Price] = {}
        with asking("read the price list"):
            pages = self._client.get_paginator("get_products").paginate(ServiceCode=SERVICE, Filters=filters)
            for page in pages:
                for text in page["PriceList"]:
                    found.update(_prices(json.loads(text) if isinstance(text, str) else text))
        return found

    @property
    def _client(self) -> Any:
        return self._session.client("pricing")


def _prices(product: Mapping[str, Any]) -> Iterator[tuple[str, Price]]:
    usage = str(product.get("product", {}).get("attributes", {}).get("usagetype", ""))
    # "USW2-Train:ml.g5.2xlarge"; spot and others carry another word in front of the colon.
    head, _, name = usage.partition(":")
    if not head.endswith("Train") or not name.startswith("ml."):
        return
    date = str(product.get("publicationDate", ""))[:10]
    for term in product.get("terms", {}).get("OnDemand", {}).values():
        for dimension in term.get("priceDimensions", {}).values():
            usd = float(dimension.get("pricePerUnit", {}).get("USD", 0) or 0)
            if usd > 0:
                yield name, Price(usd, PRICE_LIST, date)
