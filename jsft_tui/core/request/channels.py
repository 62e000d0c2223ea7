"""Input channels of a training job."""

from __future__ import annotations

from typing import Any


def s3_channel(name: str, uri: str) -> dict[str, Any]:
    """Return a channel that reads everything whose key starts with a URI."""
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}
