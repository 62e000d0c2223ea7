"""Where a request goes."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.core.catalog.content import ContentBuckets


@dataclass(frozen=True)
class Place:
    """The region that a request is for, and what depends on it.

    Attributes:
        region: the AWS region.
        buckets: JumpStart's content there.
        image_uri: the training image for specs that name none; None when it is unknown.
    """

    region: str
    buckets: ContentBuckets
    image_uri: str | None = None
