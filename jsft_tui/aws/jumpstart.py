"""JumpStart's content bucket: manifest, specs, licences, and where it is in each region."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from jsft_tui.aws.client import sagemaker_sdk as sdk
from jsft_tui.aws.s3 import S3
from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.catalog.spec import ManifestEntry, ModelSpec
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.storage.uri import S3Uri

T = TypeVar("T")

MANIFEST_KEY = "models_manifest.json"

# The SDK's own environment variables (sagemaker.core.jumpstart.constants).
CONTENT_OVERRIDE = "AWS_JUMPSTART_CONTENT_BUCKET_OVERRIDE"
GATED_OVERRIDE = "AWS_JUMPSTART_GATED_CONTENT_BUCKET_OVERRIDE"
MODEL_OVERRIDE = "AWS_JUMPSTART_MODEL_BUCKET_OVERRIDE"
SCRIPT_OVERRIDE = "AWS_JUMPSTART_SCRIPT_BUCKET_OVERRIDE"


def content_buckets(region: str, environ: Mapping[str, str] = os.environ) -> ContentBuckets:
    """The content buckets of a region, or those that the environment names instead.

    Raises:
        Problem: JumpStart is not in that region (code `NoJumpStart`).
    """
    content, gated = environ.get(CONTENT_OVERRIDE, ""), environ.get(GATED_OVERRIDE, "")
    if not (content and gated):
        known = _region_config().get(region)
        if known is None and not content:
            message = f"JumpStart is not in {region!r}."
            raise Problem("NoJumpStart", message, f"Regions: {', '.join(_region_config())}.", kind=ProblemKind.USAGE)
        content = content or str(known and known["content_bucket"])
        gated = gated or str((known or {}).get("gated_content_bucket", ""))
    return ContentBuckets(content, gated, environ.get(MODEL_OVERRIDE, ""), environ.get(SCRIPT_OVERRIDE, ""))


@cache
def _region_config() -> Mapping[str, Mapping[str, str]]:
    return sdk.region_config()


class ContentStore:
    """JumpStart's content as one target reads it."""

    def __init__(self, s3: S3, buckets: ContentBuckets) -> None:
        self._s3 = s3
        self._public = s3.public()
        self.buckets = buckets

    def manifest(self, etag: str = "") -> tuple[list[ManifestEntry], str] | None:
        """All versions of all models, and the manifest's ETag; None when it still has the given one."""
        answer = self._either(lambda s3: s3.read_if_changed(S3Uri(self.buckets.content, MANIFEST_KEY), etag))
        if answer is None:
            return None
        body, new_etag = answer
        try:
            entries = [ManifestEntry.parse(entry) for entry in json.loads(body)]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            where = S3Uri(self.buckets.content, MANIFEST_KEY)
            raise Problem("BadManifest", f"{where} is no JumpStart manifest.", "Check the region.") from error
        return entries, new_etag

    def spec(self, key: str) -> dict[str, Any]:
        """A spec by its key."""
        uri = S3Uri(self.buckets.content, key)
        try:
            data: dict[str, Any] = json.loads(self._either(lambda s3: s3.read(uri)))
            ModelSpec.parse(data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Problem("BadModelSpec", f"{uri} is no model spec.", "Choose another version.") from error
        return data

    def text(self, key: str) -> str:
        """A text object of the bucket, for example a licence."""
        uri = S3Uri(self.buckets.content, key)
        return self._either(lambda s3: s3.read(uri)).decode("utf-8", "replace")

    def _either(self, read: Callable[[S3], T]) -> T:
        """What is read with the caller's credentials, else as everybody reads it: the bucket is public.

        A caller whose own policies allow no GetObject there is refused although anybody else is not.
        """
        try:
            return read(self._s3)
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
            denied = problem
        try:
            return read(self._public)
        except Problem:
            raise denied from None
