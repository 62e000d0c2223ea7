"""Refuse an endpoint that no request can go to, and name what configures it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.text import clean, redact

VARIABLE = "AWS_ENDPOINT_URL"
"""Variable of the endpoint of all services; those of one service begin with it (AWS SDKs and Tools Reference Guide,
"Service-specific endpoints")."""
PROFILE_SETTING = "endpoint_url of the profile"


def check_endpoint(url: str, environ: Mapping[str, str] = os.environ) -> None:
    """Refuse an endpoint that no request can go to; botocore says something of the region or the port instead.

    Args:
        url: as botocore uses it.
        environ: environment variables.

    Raises:
        Problem: code `BadEndpoint`.
    """
    why = _fault(url)
    if why:
        raise bad_endpoint(f"the endpoint {url!r} {why}", url, environ)


def bad_endpoint(message: str, url: str = "", environ: Mapping[str, str] = os.environ) -> Problem:
    """Return the Problem of an endpoint; its remedy names the variable or setting that it comes from.

    Args:
        message: what is wrong, without an end.
        url: the endpoint, if it is known: where it was configured is sought by it.
        environ: environment variables.
    """
    said = {name: value for name, value in sorted(environ.items()) if name.startswith(VARIABLE)}
    names = [name for name, value in said.items() if url and value == url]
    names = names or [name for name, value in said.items() if value and _fault(value)] or [PROFILE_SETTING]
    where = " and ".join(names)
    return usage("BadEndpoint", f"{redact(clean(message))} ({where}).", f"Correct {where}.")


def _fault(url: str) -> str:
    """Return what is wrong with an endpoint; empty if nothing is."""
    if any(character.isspace() or not character.isprintable() for character in url):
        return "contains a blank"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"is not a URL ({error})"
    if parts.scheme not in ("http", "https"):
        return "does not begin with http:// or https://"
    if not parts.hostname:
        return "names no host"
    return "has the port 0" if port == 0 else ""
