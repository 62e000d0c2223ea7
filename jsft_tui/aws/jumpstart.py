"""Read JumpStart's content bucket of a region: manifest, specs and EULAs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from jsft_tui.aws.client import sagemaker_sdk as sdk
from jsft_tui.aws.s3 import S3
from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.catalog.spec.spec import ManifestEntry, ModelSpec
from jsft_tui.core.common.errors import SIGNED_OUT, Problem, ProblemKind
from jsft_tui.core.storage.uri import S3Uri

T = TypeVar("T")

MALFORMED = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError)
"""Exceptions that parsing a document of an unexpected structure raises."""

MANIFEST_KEY = "models_manifest.json"

# Environment variables of the SageMaker SDK (sagemaker.core.jumpstart.constants).
CONTENT_OVERRIDE = "AWS_JUMPSTART_CONTENT_BUCKET_OVERRIDE"
GATED_OVERRIDE = "AWS_JUMPSTART_GATED_CONTENT_BUCKET_OVERRIDE"
MODEL_OVERRIDE = "AWS_JUMPSTART_MODEL_BUCKET_OVERRIDE"
SCRIPT_OVERRIDE = "AWS_JUMPSTART_SCRIPT_BUCKET_OVERRIDE"


@dataclass(frozen=True)
class SpecDocument:
    """A model spec.

    Attributes:
        spec: what fine-tuning needs of it.
        document: the JSON document that it was parsed from, for caching.
    """

    spec: ModelSpec
    document: dict[str, Any]


def content_buckets(region: str, environ: Mapping[str, str] = os.environ) -> ContentBuckets:
    """Return the content buckets of a region; environment variables override them.

    Raises:
        Problem: JumpStart is not available in that region (code `NoJumpStart`).
    """
    content, gated = environ.get(CONTENT_OVERRIDE, ""), environ.get(GATED_OVERRIDE, "")
    if not (content and gated):
        known = _region_config().get(region)
        if known is None and not content:
            message = f"JumpStart is not available in {region!r}."
            raise Problem("NoJumpStart", message, f"Regions: {', '.join(_region_config())}.", kind=ProblemKind.USAGE)
        content = content or str(known and known["content_bucket"])
        gated = gated or str((known or {}).get("gated_content_bucket", ""))
    return ContentBuckets(content, gated, environ.get(MODEL_OVERRIDE, ""), environ.get(SCRIPT_OVERRIDE, ""))


@cache
def _region_config() -> Mapping[str, Mapping[str, str]]:
    return sdk.region_config()


class ContentStore:
    """Read JumpStart's content with the credentials of one target."""

    def __init__(self, s3: S3, buckets: ContentBuckets) -> None:
        self._s3 = s3
        self._public = s3.public()
        self.buckets = buckets

    def manifest(self, etag: str = "") -> tuple[list[ManifestEntry], str] | None:
        """Read all versions of all models, and the manifest's ETag; None if its ETag is still the given one."""
        answer = self._read(lambda s3: s3.read_if_changed(S3Uri(self.buckets.content, MANIFEST_KEY), etag))
        if answer is None:
            return None
        body, new_etag = answer
        try:
            entries = [ManifestEntry.parse(entry) for entry in json.loads(body)]
        except MALFORMED as error:
            uri = S3Uri(self.buckets.content, MANIFEST_KEY)
            raise Problem("BadManifest", f"{uri} is not a JumpStart manifest.", "Check the region.") from error
        return entries, new_etag

    def spec(self, key: str) -> SpecDocument:
        """Read a spec by its key."""
        uri = S3Uri(self.buckets.content, key)
        body = self._read(lambda s3: s3.read(uri))
        try:
            document = json.loads(body)
            return SpecDocument(ModelSpec.parse(document), document)
        except MALFORMED as error:
            raise Problem("BadModelSpec", f"{uri} is not a model spec.", "Choose another version.") from error

    def parameters(self, key: str) -> Any:
        """Read the override parameters of a recipe: a JSON document."""
        uri = S3Uri(self.buckets.content, key)
        body = self._read(lambda s3: s3.read(uri))
        try:
            return json.loads(body)
        except MALFORMED as error:
            raise Problem("BadRecipe", f"{uri} is not JSON.", "Choose another recipe.") from error

    def text(self, key: str) -> str:
        """Read a text object of the bucket, for example a EULA."""
        return self.data(key).decode("utf-8", "replace")

    def data(self, key: str) -> bytes:
        """Read an object of the bucket, for example the picture of an example."""
        uri = S3Uri(self.buckets.content, key)
        return self._read(lambda s3: s3.read(uri))

    def _read(self, read: Callable[[S3], T]) -> T:
        """Read with the caller's credentials, or anonymously where they are denied or missing: the bucket is public.

        A caller whose own policies do not allow s3:GetObject is denied although anonymous requests are not.
        """
        try:
            return read(self._s3)
        except Problem as problem:
            if problem.code != "AccessDenied" and problem.code not in SIGNED_OUT:
                raise
            denied = problem
        try:
            return read(self._public)
        except Problem:
            raise denied from None
