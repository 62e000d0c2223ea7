"""Sign in with IAM Identity Center by a code that is confirmed in a browser, as `aws sso login --use-device-code` does.

The token is kept where the AWS CLI keeps its own, so a sign-in here is one for the CLI and for boto3, too.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.profiles import session_of_profile
from jsft_tui.aws.client.remedies import sso_setup
from jsft_tui.aws.client.sign_in.sign_in import CONNECT_TIMEOUT, READ_TIMEOUT, configuration_errors
from jsft_tui.aws.client.sign_in.sso import SSO_CACHE
from jsft_tui.core.account.sign_in import DeviceCode
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean

CLIENT_NAME = "jsft"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
DOING = "sign in with IAM Identity Center"
SLOWER = 5
"""Seconds that are waited longer after each `slow_down` (RFC 8628, section 3.5)."""


@dataclass(frozen=True)
class _SsoSettings:
    name: str
    """Of the session, or the start URL of a profile without one: names the token's file."""
    start_url: str
    region: str
    scopes: tuple[str, ...]


class DeviceFlow:
    """One sign-in. Call its methods from one thread at a time."""

    def __init__(self, profile: str, cache: Path = SSO_CACHE) -> None:
        """Read the profile's SSO settings.

        Raises:
            Problem: they are not complete, or cannot be read.
        """
        from botocore import UNSIGNED
        from botocore.config import Config

        with translate_errors(DOING), configuration_errors():
            session = session_of_profile(profile)
            self._settings = _settings(session.full_config, profile)
            config = Config(signature_version=UNSIGNED, connect_timeout=CONNECT_TIMEOUT, read_timeout=READ_TIMEOUT)
            self._client = session.create_client("sso-oidc", region_name=self._settings.region, config=config)
        self._cache = cache
        self._registration: Mapping[str, Any] = {}
        self._device_code = ""
        self.interval = 5.0
        """Seconds to wait before each question."""

    def begin(self) -> DeviceCode:
        """Return the code to confirm, and where.

        Raises:
            Problem: it is refused, or there is no answer.
        """
        settings = self._settings
        scopes = {"scopes": list(settings.scopes)} if settings.scopes else {}
        with translate_errors(DOING):
            self._registration = self._client.register_client(clientName=CLIENT_NAME, clientType="public", **scopes)
            asked = self._client.start_device_authorization(**self._client_keys(), startUrl=settings.start_url)
            self._device_code = str(asked["deviceCode"])
            self.interval = float(asked.get("interval", self.interval))
            address = clean(str(asked["verificationUri"]))
            url = clean(str(asked.get("verificationUriComplete") or address))
            return DeviceCode(clean(str(asked["userCode"])), address, url)

    def is_confirmed(self) -> bool:
        """Ask once whether the code is confirmed; if so, keep the token.

        Raises:
            Problem: the code has expired, or was refused.
        """
        errors = self._client.exceptions
        with translate_errors(DOING):
            try:
                token = self._client.create_token(**self._client_keys(), grantType=GRANT, deviceCode=self._device_code)
            except errors.AuthorizationPendingException:
                return False
            except errors.SlowDownException:
                self.interval += SLOWER
                return False
            except errors.ExpiredTokenException as error:
                message = "the code was not confirmed in time."
                raise Problem("SignInFailed", message, "Begin again.") from error
            except errors.AccessDeniedException as error:
                raise Problem("SignInFailed", "the sign-in was refused in the browser.", "Begin again.") from error
            self._keep(token)
        return True

    def _client_keys(self) -> dict[str, str]:
        return {name: str(self._registration[name]) for name in ("clientId", "clientSecret")}

    def _keep(self, token: Mapping[str, Any]) -> None:
        from botocore.utils import JSONFileCache

        settings, registration = self._settings, self._registration
        kept = {
            "startUrl": settings.start_url,
            "region": settings.region,
            "accessToken": token["accessToken"],
            "expiresAt": _moment(time.time() + int(token["expiresIn"])),
            **self._client_keys(),
            "registrationExpiresAt": _moment(int(registration["clientSecretExpiresAt"])),
        }
        if refresh := token.get("refreshToken"):
            kept["refreshToken"] = refresh
        with configuration_errors():
            JSONFileCache(str(self._cache.expanduser()))[hashlib.sha1(settings.name.encode()).hexdigest()] = kept


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _settings(config: Mapping[str, Any], profile: str) -> _SsoSettings:
    """Return the SSO settings of a profile, from its session's section where it names one.

    Raises:
        Problem: the start URL or the region is missing (code `SignInFailed`).
    """
    own = config.get("profiles", {}).get(profile, {})
    session = own.get("sso_session")
    found = config.get("sso_sessions", {}).get(session, {}) if session else own
    url, region = str(found.get("sso_start_url") or ""), str(found.get("sso_region") or "")
    if not url or not region:
        message = f"the profile {clean(profile)} has no complete SSO settings (sso_start_url, sso_region)."
        raise Problem("SignInFailed", message, sso_setup(profile))
    scopes = str(found.get("sso_registration_scopes") or "")
    return _SsoSettings(str(session or url), url, region, tuple(filter(None, map(str.strip, scopes.split(",")))))
