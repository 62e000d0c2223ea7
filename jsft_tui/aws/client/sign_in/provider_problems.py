"""Turn every error of a credential provider into one Problem: what happened, why, and what to correct.

Providers raise botocore's own errors, and whatever Python raises for a missing file or a broken document.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.aws.client.errors import translate
from jsft_tui.aws.client.remedies import aws_login, sso_login
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean, redact, sentence

_SSO_ERRORS = ("SSOError", "TokenRetrievalError", "SSOTokenLoadError", "UnauthorizedSSOTokenError")
_WEB_IDENTITY_FILE, _WEB_IDENTITY_ROLE = "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"
_CONTAINER = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
_CONTAINER_TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"


@dataclass(frozen=True)
class Source:
    """Where credentials come from: a provider (botocore's `METHOD`) of a profile."""

    session: Any
    profile: str | None
    method: str

    @property
    def name(self) -> str:
        """The profile's name, `default` for the one that is used without a name."""
        return self.profile or "default"

    @property
    def settings(self) -> dict[str, Any]:
        """The profile's settings."""
        found: dict[str, Any] = self.session.full_config.get("profiles", {}).get(self.name, {})
        return found


def provider_problem(error: Exception, source: Source) -> Problem:
    """Return the Problem of an error that a provider raised."""
    from botocore import exceptions as e

    who = f"sign in with the profile {source.profile}" if source.profile else "sign in"
    if isinstance(error, (e.ConnectionError, e.HTTPClientError, e.ConnectTimeoutError, e.ReadTimeoutError)):
        known = translate(error, who)
        if known is not None:
            return known
    if isinstance(error, e.ClientError):
        return _refused(error, source, who)
    if source.method == "sso" and (type(error).__name__ in _SSO_ERRORS or not isinstance(error, e.BotoCoreError)):
        return _no_sso_token(error, source, who)
    if isinstance(error, e.MissingDependencyException):
        remedy = "Run: pip install 'botocore[crt]'"
        return Problem("SignInFailed", f"could not {who}: {_why(error, source)}", remedy)
    remedy = _REMEDIES.get(source.method, _correct)(source)
    return Problem("SignInFailed", f"could not {who}: {_why(error, source)}", remedy)


def _refused(error: Any, source: Source, who: str) -> Problem:
    """Say what STS or SSO answered when they were asked for credentials."""
    known = translate(error, who)
    if known is None:
        raise AssertionError("a ClientError is always translated")
    if known.code in ("ClockSkew", "RegionNotEnabled", "ExpiredToken", "Throttled") or known.retryable:
        return known
    role = source.settings.get("role_arn") or os.environ.get(_WEB_IDENTITY_ROLE)
    if source.method == "sso":
        wanted = f"{source.settings.get('sso_role_name')} in the account {source.settings.get('sso_account_id')}"
        message, remedy = f"SSO does not give the role {wanted}", "Check sso_role_name and sso_account_id"
    elif role:
        message = f"the role {role} could not be assumed"
        remedy = known.remedy or f"Check role_arn, and that its trust policy lets you in;{_of(source)}"
    else:
        return known
    text = known.message.removeprefix(f"could not {who}: ")
    remedy = remedy if role and source.method != "sso" else f"{remedy} of the profile {source.name}."
    return Problem("SignInFailed", f"could not {who}: {clean(message)}: {sentence(text)}", remedy)


def _no_sso_token(error: Exception, source: Source, who: str) -> Problem:
    from botocore.exceptions import BotoCoreError

    why = "the SSO sign-in has expired or was never made"
    if not isinstance(error, BotoCoreError):
        why = "the SSO sign-in that is kept in ~/.aws/sso/cache cannot be read"
    return Problem("ExpiredToken", f"could not {who}: {why}.", sso_login(source.profile))


def _why(error: Exception, source: Source) -> str:
    """Return the reason in a sentence: what the error says, and which setting it belongs to."""
    where = _setting(error, source)
    if isinstance(error, OSError):
        name = f"{error.filename}" if error.filename else ""
        reason = (error.strerror or str(error)).lower()
        text = f"{name} cannot be read: {reason}" if name else reason
    elif isinstance(error, KeyError):
        text = f"the answer lacks {error.args[0] if error.args else 'a member'}"
    else:
        text = str(error) or type(error).__name__
    return sentence(redact(clean(f"{text} ({where})" if where else text)))


def _setting(error: Exception, source: Source) -> str:
    """Return the setting or variable that a provider's plain errors come from; empty if the error names it itself."""
    if source.method == "assume-role-with-web-identity":
        from_profile = source.settings.get("web_identity_token_file")
        if from_profile and not (source.profile is None and os.environ.get(_WEB_IDENTITY_FILE)):
            return f"web_identity_token_file = {from_profile}"
        return f"{_WEB_IDENTITY_FILE}={os.environ.get(_WEB_IDENTITY_FILE, '')}"
    if source.method == "container-role":
        if isinstance(error, OSError):
            return _CONTAINER_TOKEN
        return next((f"{name}={os.environ[name]}" for name in _CONTAINER if name in os.environ), "")
    return ""


def _of(source: Source) -> str:
    section = f"[profile {source.profile}]" if source.profile not in (None, "default") else "[default]"
    return f" {section} in {source.session.get_config_variable('config_file')}."


def _correct(source: Source) -> str:
    if source.method == "shared-credentials-file":
        return f"Correct [{source.name}] in {source.session.get_config_variable('credentials_file')}."
    return f"Correct{_of(source)}"


def _correct_environment(source: Source) -> str:
    del source
    return "Export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY together, or unset both."


def _correct_web_identity(source: Source) -> str:
    if source.settings.get("web_identity_token_file"):
        return _correct(source)
    return f"Correct or unset {_WEB_IDENTITY_FILE} and {_WEB_IDENTITY_ROLE}."


def _correct_container(source: Source) -> str:
    del source
    return "Correct or unset the AWS_CONTAINER_ variables."


def _check_instance(source: Source) -> str:
    del source
    return "Check the role of this instance, or sign in another way."


_REMEDIES: Mapping[str, Callable[[Source], str]] = {
    "env": _correct_environment,
    "assume-role-with-web-identity": _correct_web_identity,
    "container-role": _correct_container,
    "iam-role": _check_instance,
    "login": lambda source: aws_login(source.profile),
}
