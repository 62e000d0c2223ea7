"""How long the credentials of a session last, read from where botocore got them; nobody is asked."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jsft_tui.core.account.identity import TokenFacts

SSO_CACHE = Path("~/.aws/sso/cache")
"""Where the AWS CLI keeps SSO tokens (botocore, `SSOTokenFetcher`, `SSOTokenProvider`)."""

_RENEWING = frozenset(
    {"assume-role", "assume-role-with-web-identity", "container-role", "custom-process", "iam-role", "login"}
)
"""botocore's names of providers that fetch new credentials by themselves before the old ones end."""


def token_life(session: Any, now: float, sso_cache: Path = SSO_CACHE) -> TokenFacts:
    """How long the credentials of a boto3 session last.

    Keys without an end, and session tokens that do not tell theirs, have no known end.

    Args:
        session: a boto3 session.
        now: epoch seconds.
        sso_cache: where SSO tokens are kept.
    """
    credentials = session.get_credentials()
    method = str(getattr(credentials, "method", ""))
    if method in ("sso", "sso-token"):
        return _sso_life(session, now, sso_cache.expanduser())
    ends = getattr(credentials, "_expiry_time", None)
    if not isinstance(ends, datetime):
        return TokenFacts()
    return TokenFacts(ends.timestamp() - now, renews=method in _RENEWING)


def _sso_life(session: Any, now: float, cache: Path) -> TokenFacts:
    """The life of the sign-in, which renews the role's credentials for as long as it lasts itself."""
    config = session._session.get_scoped_config()
    name = config.get("sso_session") or config.get("sso_start_url")
    if not name:
        return TokenFacts(renews=True)
    file = cache / f"{hashlib.sha1(str(name).encode()).hexdigest()}.json"
    try:
        token = json.loads(file.read_bytes())
        ends = datetime.fromisoformat(str(token["expiresAt"]).replace("UTC", "+00:00").replace("Z", "+00:00"))
    except (OSError, ValueError, KeyError, TypeError):
        return TokenFacts(renews=True)  # no token to read: what the sign-in is worth shows at the first call
    ends = ends if ends.tzinfo else ends.replace(tzinfo=UTC)
    return TokenFacts(ends.timestamp() - now, renews=bool(token.get("refreshToken")))
