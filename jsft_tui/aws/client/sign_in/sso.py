"""Profiles that sign in with IAM Identity Center, and the tokens that the AWS CLI keeps for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.profiles import session_of_profile
from jsft_tui.core.account.ways_in import SsoSignIn

SSO_CACHE = Path("~/.aws/sso/cache")
"""Folder in which the AWS CLI keeps SSO tokens (botocore, `SSOTokenLoader`)."""


@dataclass(frozen=True)
class SsoToken:
    """A token: when it ends, in epoch seconds, and whether botocore renews it."""

    ends: float
    renews: bool


def sso_sign_ins(cache: Path = SSO_CACHE) -> list[SsoSignIn]:
    """Return the profiles with SSO settings, those that were signed in last first."""
    with translate_errors("read the AWS profiles"):
        profiles: Mapping[str, Mapping[str, Any]] = session_of_profile(None).full_config["profiles"]
    found = [
        SsoSignIn(name, token.ends if (token := read_token(str(key), cache)) is not None else None)
        for name, settings in profiles.items()
        if (key := settings.get("sso_session") or settings.get("sso_start_url"))
    ]
    return sorted(found, key=lambda each: (-(each.ends or 0.0), each.profile))


def read_token(name: str, cache: Path = SSO_CACHE) -> SsoToken | None:
    """Return the token of an SSO sign-in; None if there is none that can be read.

    Args:
        name: of the SSO session, or the start URL of a profile without one.
        cache: folder of the tokens.
    """
    file = cache.expanduser() / f"{hashlib.sha1(name.encode()).hexdigest()}.json"
    try:
        token = json.loads(file.read_bytes())
        ends = datetime.fromisoformat(str(token["expiresAt"]).replace("UTC", "+00:00").replace("Z", "+00:00"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    ends = ends if ends.tzinfo else ends.replace(tzinfo=UTC)
    return SsoToken(ends.timestamp(), renews=bool(token.get("refreshToken")))
