"""Manifests: files that list the objects of channels of the types ManifestFile and AugmentedManifestFile.

Source: SageMaker API reference, S3DataSource.
"""

from __future__ import annotations

import re

HEAD = 4096
"""Bytes at the start of a file that show whether it is one."""
_START = rb"(?:\xef\xbb\xbf)?\s*"
_S3 = rb"[sS]3:\\?/\\?/"
_MANIFEST = re.compile(_START + rb'\[\s*\{[^{}]*"prefix"\s*:\s*"(' + _S3 + rb'[^"]*)"')
_AUGMENTED = re.compile(
    _START + rb'\[?\s*\{[^\n]*(?:"source-ref"\s*:\s*"' + _S3 + rb'|"source"\s*:[^\n]*"[\w-]+-metadata"\s*:)'
)
_URIS = re.compile(_START + rb"(?:\[\s*[\"']" + _S3 + rb"[^\"']+[\"']\s*[,\]]|" + _S3 + rb"[^\s,]+[ \t]*(?:[\r\n]|$))")
_OF_OTHERS = re.compile(
    _START
    + rb'\{\s*"(?:(?P<redshift>entries)"\s*:\s*\[\s*\{\s*"url"|'
    + rb'(?P<quicksight>fileLocations)"|(?P<inventory>sourceBucket)")'
)
_SERVICES = {"redshift": "Amazon Redshift", "quicksight": "Amazon QuickSight", "inventory": "S3 Inventory"}


def manifest_fault(head: bytes) -> str:
    """Return why a file cannot be the data of a channel of the type S3Prefix; empty if it is no manifest."""
    if match := _MANIFEST.match(head):
        prefix = match[1].decode(errors="replace").replace("\\", "")
        return f"is a manifest, which a channel of the type S3Prefix takes for data; give the prefix in it: {prefix}"
    if _AUGMENTED.match(head):
        return "is an augmented manifest, which a channel of the type S3Prefix takes for data; give a prefix instead."
    if _URIS.match(head):
        return "is a list of S3 URIs, which a channel of the type S3Prefix takes for data; give their prefix instead."
    if match := _OF_OTHERS.match(head):
        service = _SERVICES[match.lastgroup or "inventory"]
        return f"is a manifest of {service}, not data; give the prefix of the objects that it lists."
    return ""
