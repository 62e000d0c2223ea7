"""Read the AWS profiles of this computer (`~/.aws/config`). Read-only."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jsft_tui.aws.client.config_files import unreadable_file
from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.http.endpoint import check_endpoint
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.common.text import clean, did_you_mean

SERVICES = (
    "sagemaker", "s3", "sts", "iam", "ec2", "kms", "logs", "cloudwatch", "pricing", "service-quotas"
)  # fmt: skip
"""The services that are called."""
DEFAULT = "default"
MOST_NAMES = 8


@dataclass(frozen=True)
class ProfileSettings:
    """What a profile says about its target: its region, and the endpoints of services that are not AWS's own.

    The endpoints are those of the environment, too, which win over the profile's.
    """

    region: str | None
    endpoints: tuple[tuple[str, str], ...]


def profile_settings(profile: str | None, origin: str = "", environ: Mapping[str, str] = os.environ) -> ProfileSettings:
    """Read a profile.

    Args:
        profile: None for the default one, which need not exist.
        origin: what named it, for the message.
        environ: environment variables.

    Raises:
        Problem: there is no such profile, the file cannot be read, or an endpoint is no URL.
    """
    with translate_errors("read the AWS profile"), _unreadable_file():
        session = session_of_profile(profile)
        config = session.full_config
        if profile is not None and profile not in config["profiles"]:
            if (unreadable := unreadable_file(session)) is not None:
                raise unreadable
            if isinstance(config.get(profile), dict):
                raise _misnamed_profile(profile, environ)
            raise _unknown_profile(profile, origin, sorted(config["profiles"]), environ)
        settings = session.get_scoped_config()
        return ProfileSettings(settings.get("region") or None, tuple(_endpoints(session, settings, environ)))


def profile_names() -> list[str]:
    """List the profiles in `~/.aws/config` and `~/.aws/credentials`."""
    with translate_errors("read the AWS profiles"), _unreadable_file():
        return sorted(session_of_profile(None).full_config["profiles"])


def session_of_profile(profile: str | None, exported_keys: bool = False) -> Any:
    """Return a botocore session for a profile, whatever profile the environment names.

    Args:
        profile: None for the default one.
        exported_keys: whether credentials of the environment win over those of the profile.
    """
    import botocore.session

    # A profile that is set outright hides the environment's keys (botocore, `create_credential_resolver`).
    outright, usual = (None, profile) if exported_keys else (profile, None)
    return botocore.session.Session(profile=outright, session_vars={"profile": (None, None, usual, None)})


def session_without_files() -> Any:
    """Return a botocore session without profiles or files of `~/.aws`: no user credentials can leak into it."""
    import botocore.session

    nothing = {"profile": (None, None, None, None)}
    files = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    return botocore.session.Session(session_vars={**nothing, **files})


@contextmanager
def _unreadable_file() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = f"{error.filename}: {(error.strerror or str(error)).lower()}"
        message = f"the AWS configuration cannot be read: {why}."
        raise Problem("SignInFailed", message, "Correct that file.") from error


def _unknown_profile(profile: str, origin: str, known: list[str], environ: Mapping[str, str]) -> Problem:
    by = f", which {origin} names" if origin else ""
    file = environ.get("AWS_CONFIG_FILE") or "~/.aws/config"
    shown = ", ".join(map(clean, known[:MOST_NAMES])) + (", …" if len(known) > MOST_NAMES else "")
    remedy = did_you_mean(profile, known) or (f"There are: {shown}." if known else "There are no profiles.")
    return Problem("UnknownProfile", f"there is no profile {profile} in {file}{by}.", remedy, kind=ProblemKind.USAGE)


def _misnamed_profile(profile: str, environ: Mapping[str, str]) -> Problem:
    file = environ.get("AWS_CONFIG_FILE") or "~/.aws/config"
    message = f"[{clean(profile)}] in {file} is no profile: there, its section begins with the word profile."
    return Problem("UnknownProfile", message, f"Write [profile {clean(profile)}].", kind=ProblemKind.USAGE)


def _endpoints(session: Any, settings: Mapping[str, Any], environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Resolve the endpoints as botocore's clients do (`ConfiguredEndpointProvider`)."""
    from botocore.configprovider import ConfiguredEndpointProvider

    if session.get_config_variable("ignore_configured_endpoint_urls"):
        return []
    found = []
    for service in SERVICES:
        url = ConfiguredEndpointProvider(session.full_config, settings, service, environ).provide()
        if url:
            check_endpoint(str(url), environ)
            found.append((service, str(url)))
    return found
