"""Who made a request: noted on refusals and errors, so that their remedy fits the credentials."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.aws.client.remedies import aws_login, configure, sso_login
from jsft_tui.core.account.target import Target

_NOTE = "JsftCaller"
_ATTRIBUTE = "jsft_caller"
DEFAULT_REGIONS = frozenset(
    [
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
        "ca-central-1",
        "sa-east-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "eu-central-1",
        "eu-north-1",
        "ap-south-1",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-southeast-1",
        "ap-southeast-2",
    ]
)
"""Regions that every account has; all others are enabled by the account's owner (AWS Account Management Reference
Guide, "Enable or disable AWS Regions in your account": regions introduced after March 20, 2019)."""


@dataclass(frozen=True)
class Caller:
    """The target of a request and the credentials that it was signed with (botocore's `method`, empty: none)."""

    target: Target
    method: str = ""
    sso_profile: str | None = None
    """The profile that has the SSO settings: the target's own, or one that it takes its source credentials from."""
    ca_bundle: str = ""
    """The CA bundle that is configured, and where."""

    @property
    def remedy(self) -> str:
        """How to sign in again; empty if nothing is known that fits."""
        profile = self.target.owner
        if self.sso_profile:
            return sso_login(None if self.sso_profile == "default" else self.sso_profile)
        if self.method == "login":
            return aws_login(profile)
        if self.method == "env":
            return "Export new keys (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN)."
        if self.method in ("shared-credentials-file", "config-file"):
            return f"Put new keys into the profile {profile or 'default'}."
        if self.method == "custom-process":
            return f"Renew what the credential_process of the profile {profile or 'default'} gives."
        if profile and self.method:
            return f"Check the credentials that the profile {profile} takes its own from."
        return configure(profile) if profile else ""

    @property
    def region_may_be_disabled(self) -> bool:
        """Whether keys can be refused because the account has not enabled the region."""
        return not self.target.sandbox and self.target.region not in DEFAULT_REGIONS


def note_on_response(response: dict[str, Any], caller: Caller) -> None:
    """Note who made a request on its parsed answer, which a ClientError carries."""
    response.setdefault("ResponseMetadata", {})[_NOTE] = caller


def note_on_error(error: BaseException, caller: Caller) -> None:
    """Note who made a request on the error that it ended with."""
    setattr(error, _ATTRIBUTE, caller)


def caller_of_response(response: Mapping[str, Any]) -> Caller | None:
    """Return who made a request, from its parsed answer."""
    found = response.get("ResponseMetadata", {}).get(_NOTE)
    return found if isinstance(found, Caller) else None


def caller_of_error(error: BaseException) -> Caller | None:
    """Return who made a request, from the error that it ended with."""
    found = getattr(error, _ATTRIBUTE, None)
    return found if isinstance(found, Caller) else None


def sso_profile_of(config: Mapping[str, Any], profile: str | None) -> str | None:
    """Return the profile whose SSO sign-in a profile depends on, through its source profiles; None if on none.

    Args:
        config: botocore's `full_config`.
        profile: None for the default profile.
    """
    profiles, name, seen = config.get("profiles", {}), profile or "default", set[str]()
    while name and name not in seen:
        seen.add(name)
        settings = profiles.get(name, {})
        if "sso_session" in settings or "sso_start_url" in settings:
            return str(name)
        name = settings.get("source_profile", "")
    return None


def proxy_variables(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the variables that name a proxy."""
    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
    return [name for name in names if environ.get(name)]
