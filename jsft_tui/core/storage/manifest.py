"""Manifests: files that list the objects of channels of the types ManifestFile and AugmentedManifestFile.

Source: SageMaker API reference, S3DataSource.
"""

from __future__ import annotations

import re

HEAD = 4096
"""Bytes at the start of a file that show whether it is one."""
_MANIFEST = re.compile(rb'(?:\xef\xbb\xbf)?\s*\[\s*\{\s*"prefix"\s*:\s*"(s3://[^"]*)"')
_AUGMENTED = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{[^\n]*"source-ref"\s*:\s*"s3://')


def manifest_fault(head: bytes) -> str:
    """Return why a file cannot be the data of a channel of the type S3Prefix; empty if it is no manifest."""
    if match := _MANIFEST.match(head):
        prefix = match[1].decode(errors="replace")
        return f"is a manifest, which a channel of the type S3Prefix takes for data; give the prefix in it: {prefix}"
    if _AUGMENTED.match(head):
        return "is an augmented manifest, which a channel of the type S3Prefix takes for data; give a prefix instead."
    return ""
