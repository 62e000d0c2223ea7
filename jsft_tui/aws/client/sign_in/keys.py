"""Judge keys before a request is signed with them: what is missing, and what no request can carry."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from jsft_tui.aws.client.remedies import sso_setup
from jsft_tui.core.common.errors import Problem

ACCESS_KEY, SECRET_KEY, TOKEN = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"
"""Variables, and what they are called where keys come from elsewhere."""
_QUOTES = ("'", '"')
_PLACEHOLDER = re.compile(r"<.*>$|\$\{?\w+\}?$|\{\{.*\}\}$|%\w+%$|(?i:x{4,}|your[-_]\w+)$")
"""What examples, and templates that nobody filled, have in the place of a key."""
_SSO = ("sso_account_id", "sso_role_name")


def check_keys(keys: Any, method: str, profile: str | None) -> None:
    """Refuse keys that are none: empty, with line ends, blanks or letters that no key has, quoted, or a placeholder.

    Args:
        keys: botocore's frozen credentials.
        method: botocore's name of the provider that they come from.
        profile: the profile that they are of.

    Raises:
        Problem: code `SignInFailed`; it names what is wrong and never shows it.
    """
    for name, key in ((ACCESS_KEY, keys.access_key), (SECRET_KEY, keys.secret_key), (TOKEN, keys.token)):
        fault = "is empty" if not key and name != TOKEN else _fault(key or "")
        if not fault:
            continue
        what = f"{name} {fault}"
        if method == "env":
            raise Problem("SignInFailed", f"{what}.", f"Export {name} anew, without what surrounds it.")
        where = f"the profile {profile or 'default'} gives"
        raise Problem("SignInFailed", f"{name.lower()}, which {where}, {fault}.", "Put it in anew.")


def _fault(key: str) -> str:
    if any(end in key for end in "\r\n"):
        return "contains a line end"
    if any(character.isspace() for character in key):
        return "contains a blank"
    if key[:1] in _QUOTES and key[-1:] == key[:1]:
        return "is in quotation marks, which would be part of the key"
    if _PLACEHOLDER.match(key):
        return "is a placeholder"
    return "" if key.isascii() and key.isprintable() else "contains a character that no key has"


def missing_keys(
    settings: Mapping[str, Any], profile: str | None, environ: Mapping[str, str] = os.environ
) -> Problem | None:
    """Return what keeps credentials from being found, where half of them is there; None where nothing is.

    Args:
        settings: of the profile.
        profile: the profile whose credentials are wanted; None for the default chain.
        environ: environment variables.
    """
    if ("sso_session" in settings or "sso_start_url" in settings) and (
        lacks := [name for name in _SSO if not settings.get(name)]
    ):
        message = f"the profile {profile or 'default'} has no credentials: it lacks {' and '.join(lacks)}."
        return Problem("NoCredentials", message, sso_setup(profile))
    if profile is not None or environ.get(ACCESS_KEY):
        return None
    given = [name for name in (SECRET_KEY, TOKEN) if environ.get(name)]
    if given:
        why = f"{ACCESS_KEY} is {'empty' if ACCESS_KEY in environ else 'not set'}, and {given[0]} is set"
        remedy = f"Export {ACCESS_KEY} and {SECRET_KEY} together, or unset both."
        return Problem("NoCredentials", f"no AWS credentials found: {why}.", remedy)
    return None
