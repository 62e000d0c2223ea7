"""Determine how long a session's credentials remain valid, from botocore's state and files; no request is made."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from jsft_tui.aws.client.sign_in.sso import SSO_CACHE, read_token
from jsft_tui.core.account.identity import TokenFacts

_RENEWING = frozenset(
    {"assume-role", "assume-role-with-web-identity", "container-role", "custom-process", "iam-role", "login"}
)
"""botocore's names of providers that renew credentials before they expire."""


def token_life(session: Any, now: float, sso_cache: Path = SSO_CACHE) -> TokenFacts:
    """Return how long the credentials of a boto3 session remain valid.

    Long-term keys, and session tokens without a stated expiration, have no known end.

    Args:
        session: a boto3 session.
        now: epoch seconds.
        sso_cache: folder of the SSO tokens.
    """
    credentials = session.get_credentials()
    method = str(getattr(credentials, "method", ""))
    if method in ("sso", "sso-token"):
        return _sso_life(session, now, sso_cache)
    ends = getattr(credentials, "_expiry_time", None)
    if not isinstance(ends, datetime):
        return TokenFacts()
    return TokenFacts(ends.timestamp() - now, renews=method in _RENEWING)


def _sso_life(session: Any, now: float, cache: Path) -> TokenFacts:
    """Return the lifetime of the SSO sign-in, during which botocore renews the role's credentials."""
    config = session._session.get_scoped_config()
    name = config.get("sso_session") or config.get("sso_start_url")
    if not name:
        return TokenFacts(renews=True)
    token = read_token(str(name), cache)
    if token is None:
        return TokenFacts(renews=True)  # without a readable token the first request shows whether the sign-in is valid
    return TokenFacts(token.ends - now, renews=token.renews)
