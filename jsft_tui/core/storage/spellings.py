"""Other spellings of places in S3, and the URI to write instead: what Spark, the console, IAM and browsers show."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

BUCKET = re.compile(r"(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""Amazon S3 user guide, "Bucket naming rules": 3-63 characters, lower case, digits, dots and hyphens, and not
formatted as an IP address. The alias of an access point (`…-s3alias`) is one, too."""
EXAMPLE = "Write s3://bucket/prefix/."

_SCHEME = re.compile(r"s3[an]?(?::/{0,2}|//)(?=[^/])", re.IGNORECASE)
_LOCAL = re.compile(r"\.{0,2}[/\\]|~|[A-Za-z]:[/\\]|file:")
"""Paths of this computer: `./data`, `/data`, `~/data`, `C:\\data`, `file:///data`."""
_HOST = re.compile(
    r"(?:(?P<bucket>[a-z0-9.-]+)\.)?s3(?!-(?:accesspoint|object-lambda|outposts|control))(?:-website)?(?:[.-](?!s3[.-])[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?"
)
"""Virtual hosting of buckets: the bucket stands before `s3` in the host, or in the path (then the host starts so)."""
_CONSOLE = re.compile(r"(?:[a-z0-9-]+\.)*console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)")
_CONSOLE_PATH = re.compile(r"/s3/(?P<kind>buckets|object|upload|home)/?(?P<bucket>[^/?]*)/?(?P<key>.*)", re.DOTALL)
_ARN = re.compile(r"arn:aws[a-z-]*:(?P<service>s3[a-z-]*):(?P<region>[^:]*):(?P<account>[^:]*):(?P<rest>.+)", re.DOTALL)


def remedy_for(text: str) -> str:
    """Return what to write instead of a text that is no S3 URI: with its place, if it names one."""
    text = text.strip(" \t\r\n\"'`<>")
    if _LOCAL.match(text):
        return "Data is read from S3: upload the folder first (jsft s3 upload), and write its s3://bucket/prefix/."
    for read in (_from_arn, _from_web_address, _from_scheme):
        if found := read(text):
            return found
    return EXAMPLE


def is_arn(text: str) -> bool:
    """Return whether a text is an ARN of S3, with or without `s3://` before it."""
    return bool(_ARN.fullmatch(_bare(text)))


def is_host(bucket: str) -> bool:
    """Return whether what stands for a bucket is a host of S3: `my-bucket.s3.us-west-2.amazonaws.com`."""
    return _HOST.fullmatch(bucket) is not None


def _bare(text: str) -> str:
    return re.sub(r"^s3[an]?:/{1,2}(?=arn:)", "", text, flags=re.IGNORECASE)


def _write(bucket: str, key: str = "") -> str:
    return f"Write s3://{bucket}/{key}" if BUCKET.fullmatch(bucket) else ""


def _from_arn(text: str) -> str:
    match = _ARN.fullmatch(_bare(text))
    if match is None:
        return ""
    kind, _, place = match["rest"].partition("/")
    if match["service"] == "s3" and not match["region"] and not match["account"]:
        bucket, _, key = match["rest"].partition("/")
        return _write(bucket, key.removesuffix("*"))
    if match["service"] == "s3" and kind == "accesspoint" and match["region"]:
        name, _, key = place.partition("/")
        key = key.removeprefix("object/")
        return (
            f"Write its alias or its bucket: s3://{name}-…-s3alias/{key} "
            f"(aws s3control get-access-point --name {name} --account-id {match['account']} shows both)."
        )
    if kind == "accesspoint":
        return "Multi-region and object lambda access points cannot be used; write one of the buckets, s3://bucket/prefix/."
    return "SageMaker reads no such place; write s3://bucket/prefix/ of a bucket."


def _from_web_address(text: str) -> str:
    try:
        address = urlsplit(text)
        host = (address.hostname or "").lower()
    except ValueError:
        return ""
    if address.scheme.lower() not in ("http", "https"):
        return ""
    if _CONSOLE.fullmatch(host):
        return _from_console(address.path, address.query)
    match = _HOST.fullmatch(host)
    if match is None:
        return ""
    path = unquote(text.split("://", 1)[1].partition("/")[2].split("?")[0])
    if match["bucket"]:
        return _write(match["bucket"], path)
    bucket, _, key = path.partition("/")
    return _write(bucket, key)


def _from_console(path: str, query: str) -> str:
    match = _CONSOLE_PATH.fullmatch(path)
    if match is None:
        return ""
    asked = parse_qs(query, keep_blank_values=True)
    key = (asked.get("prefix") or [unquote(match["key"])])[0]
    return _write((asked.get("bucket") or [match["bucket"]])[0], key)


def _from_scheme(text: str) -> str:
    bucket, slash, key = _SCHEME.sub("", text, count=1).partition("/")
    return _write(bucket, key) if slash or _SCHEME.match(text) else ""
