"""Recognize answers that are not AWS's: the pages of proxies and captive portals, and answers without members."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean, redact

FOREIGN = "ForeignAnswer"
"""Problem code of every answer that AWS does not give."""

REMEDY = "Sign in to the network in a browser, or check the proxy, the VPN and AWS_ENDPOINT_URL; then try again."

PROXY_WANTS_SIGN_IN = 407
"""Proxy Authentication Required (RFC 9110, 15.5.8); AWS itself never answers with it."""

_REQUEST_IDS = ("x-amzn-requestid", "x-amz-request-id", "x-amz-id-2", "x-amz-bucket-region")
"""Headers that AWS sends (API references, "Common response headers"), and no page of a proxy has."""
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*|<\?xml[^>]*\?>\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.I | re.S)
_HEADING = re.compile(rb"<h1[^>]*>(.*?)</h1", re.I | re.S)
_TAG = re.compile(r"<[^>]*>")
_SOUGHT = 1 << 16
"""Bytes at the start of a page in which its title is sought."""
_MAX_TITLE = 80


class NotFromAws(Exception):
    """An answer that AWS does not give; the text ends the sentence "could not ..."."""


@dataclass(frozen=True)
class ForeignPage:
    """An answer that came from something between us and AWS.

    Attributes:
        status: of HTTP.
        title: what the page calls itself; empty if it does not say.
        leads_to: the host that it sends a browser to; empty without a redirect.
    """

    status: int
    title: str = ""
    leads_to: str = ""

    @property
    def is_passing(self) -> bool:
        """Whether a gateway says that the server behind it cannot be reached for the moment."""
        return self.status >= 500

    def __str__(self) -> str:
        """Say it as the end of "could not ..."."""
        shown = [f"HTTP {self.status}", *([f'"{self.title}"'] if self.title else [])]
        shown += [f"to {self.leads_to}"] if self.leads_to else []
        return f"a proxy or captive portal answered instead of AWS ({', '.join(shown)})"


def foreign_page(status: int, headers: Mapping[str, str], body: bytes | None) -> ForeignPage | None:
    """Return what answered in AWS's place; None for an answer that may be AWS's.

    Args:
        status: of HTTP.
        headers: of the answer, in any case.
        body: None if it is not read yet: it is the contents of an object then, which may be a page itself.
    """
    names = {str(name).lower(): str(value) for name, value in headers.items()}
    start = b"" if body is None else body[:_SOUGHT]
    if status == PROXY_WANTS_SIGN_IN:
        return ForeignPage(status, _title(start))
    if any(names.get(name) for name in _REQUEST_IDS):
        return None
    if 300 <= status < 400 and names.get("location"):
        return ForeignPage(status, _title(start), _host(names["location"]))
    if _PAGE.match(start):
        return ForeignPage(status, _title(start))
    return ForeignPage(status) if body is None and not names.get("etag") else None


def is_foreign_xml(headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether the body of a successful answer, if there is one, is not S3's: botocore takes it for status 500.

    S3 sends the ID of the request with every answer (API reference, "Common response headers").
    """
    names = {str(name).lower() for name, value in headers.items() if value}
    return bool(body.strip()) and not body.lstrip().startswith(b"<") and names.isdisjoint(_REQUEST_IDS)


def _title(page: bytes) -> str:
    found = _TITLE.search(page) or _HEADING.search(page)
    if not found:
        return ""
    text = html.unescape(_TAG.sub(" ", found[1].decode("utf-8", "replace")))
    title = " ".join(redact(clean(" ".join(text.split()))).replace('"', "'").split())
    return title if len(title) <= _MAX_TITLE else f"{title[: _MAX_TITLE - 1]}…"


def _host(location: str) -> str:
    try:
        return clean(urlsplit(location).hostname or "")[:_MAX_TITLE]
    except ValueError:
        return ""


def foreign_problem(what: str, why: str) -> Problem:
    """Return the Problem of an answer that is not AWS's; `why` ends the sentence "could not ..."."""
    return Problem(FOREIGN, f"could not {what}: {why.rstrip('.')}.", REMEDY, retryable=True)


def unreadable(error: BaseException, what: str) -> Problem:
    """Return the Problem of an answer that could not be read; `error` is what the parser stumbled over."""
    return foreign_problem(what, f"the answer is not one of AWS's ({_reason(error)})")


def _reason(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, KeyError):
        return f"it lacks {clean(str(error.args[0] if error.args else '?'))[:_MAX_TITLE]}"
    if isinstance(error, (TypeError, AttributeError, LookupError)):
        return "its values are of other types"
    lines = redact(clean(str(error))).splitlines()
    text = " ".join(lines).split("Further retries")[0].strip().rstrip(".")
    short = text if len(text) <= _MAX_TITLE else f"{text[: _MAX_TITLE - 1]}…"
    return f"it cannot be read: {short}" if short else "it cannot be read"
