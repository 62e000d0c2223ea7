"""Resolve the target from options, then environment variables, then the configuration file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jsft_tui.core.common.errors import usage

if TYPE_CHECKING:
    from jsft_tui.config import Config
    from jsft_tui.core.account.target import Target
    from jsft_tui.services.target.sandbox import Sandbox, SandboxInfo

SANDBOX_VARIABLE = "JSFT_SANDBOX"
ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL"
READ_ONLY_VARIABLE = "JSFT_READ_ONLY"
PROFILE_VARIABLES = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")
"""In the order of botocore (`configprovider.BOTOCORE_DEFAUT_SESSION_VARIABLES`)."""
REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
_REGION = re.compile(r"[A-Za-z0-9-]+")
KEY_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE")
"""Variables whose credentials win over a profile that only the environment names."""
DEFAULT_PROFILE = "default"
"""Is used without being named, and need not exist."""
SETTINGS = "config.yaml"
PUBLIC_REGION = "us-west-2"
"""The region whose public catalog is shown where none is named; it has all models."""


@dataclass(frozen=True)
class TargetChoice:
    """Target options of the command line; None for those that were not given."""

    profile: str | None = None
    region: str | None = None
    sandbox: bool = False
    read_only: bool = False
    aws: bool = False
    """Not the sandbox and no profile of the settings, whatever environment and settings say."""
    own_region: bool = False
    """The profile's own region, whatever environment and settings say."""
    public: bool = False
    """Only what is public is wanted: it need not be known who asks, and any region will do."""


@dataclass(frozen=True)
class _Profile:
    """The profile whose settings hold, what named it, and whether keys of the environment win over its own."""

    name: str | None = None
    origin: str = ""
    exported_keys: bool = False


def resolve_target(
    choice: TargetChoice, config: Config, sandbox: Sandbox, environ: Mapping[str, str] = os.environ
) -> Target:
    """Return the target; start the sandbox if that is the target.

    Raises:
        Problem: contradicting options, no Region, or the sandbox does not start.
    """
    from jsft_tui.services.target.sandbox import target_of

    if choice.sandbox and choice.profile:
        raise usage("BadUsage", "--sandbox and --profile cannot be used together.", "Use one of them.")
    read_only = choice.read_only or _is_on(environ.get(READ_ONLY_VARIABLE))
    info = None
    if choice.sandbox or (not choice.profile and not choice.aws and _wants_sandbox(environ, config)):
        info = sandbox.ensure(choice.region)
    elif environ.get(ENDPOINT_VARIABLE) and not choice.profile:
        running = sandbox.running()
        info = running if running is not None and _is_environment_of(running, environ) else None
    if info is None:
        return _aws_target(choice, config, environ, read_only=read_only)
    if choice.region and choice.region != info.region:
        message = f"the sandbox runs in {info.region}."
        raise usage("SandboxRegion", message, "Stop it first (jsft sandbox stop), or omit --region.")
    return target_of(info, read_only=read_only)


def _aws_target(choice: TargetChoice, config: Config, environ: Mapping[str, str], *, read_only: bool) -> Target:
    from jsft_tui.aws.client.profiles import profile_settings
    from jsft_tui.core.account.target import Target

    profile = _profile(choice, config, environ)
    settings = profile_settings(profile.name, profile.origin, environ)
    region = _region(choice, config, environ, profile, settings.region)
    return Target(
        region,
        profile=profile.name,
        read_only=read_only,
        profile_origin=profile.origin,
        exported_keys=profile.exported_keys,
        endpoints=settings.endpoints,
    )


def _profile(choice: TargetChoice, config: Config, environ: Mapping[str, str]) -> _Profile:
    """Return the profile that is meant.

    One that only the environment names gives its settings, but not its credentials if keys are exported: named
    outright it would win over them, and calls would go to another account than the AWS CLI's.
    """
    if choice.profile:
        return _Profile(choice.profile)
    keys = any(environ.get(name) for name in KEY_VARIABLES)
    for variable in PROFILE_VARIABLES:
        if (name := environ.get(variable)) and name != DEFAULT_PROFILE:
            return _Profile(name, variable, keys)
    if keys or choice.aws or not config.profile:
        return _Profile(exported_keys=keys)
    return _Profile(config.profile, SETTINGS)


def _region(
    choice: TargetChoice, config: Config, environ: Mapping[str, str], profile: _Profile, own: str | None
) -> str:
    from jsft_tui.core.common.remedy import Remedy, RemedyCommand

    remedy = Remedy("Choose a region, or try the sandbox", RemedyCommand.REGION)
    if choice.own_region:
        if own:
            return _checked(own, f"of the profile {profile.name}")
        raise usage("NoRegion", f"the profile {profile.name} has no region of its own.", remedy)
    for name, said in (("--region", choice.region), *((name, environ.get(name)) for name in REGION_VARIABLES)):
        if said:
            return _checked(said, name)
    # The settings' region is for runs where no profile is named; a profile that is named brings its own.
    is_named = profile.name is not None and profile.origin != SETTINGS
    region = (own or config.region) if is_named else (config.region or own)
    if region:
        return _checked(region, SETTINGS if region == config.region else f"of the profile {profile.name}")
    if choice.public:
        return PUBLIC_REGION
    raise usage("NoRegion", "no AWS region is chosen.", remedy)


def _checked(region: str, origin: str) -> str:
    """Return a region that can be part of a host name.

    Raises:
        Problem: it has a blank, quotes or a line end, as a file or a variable may have it.
    """
    if not _REGION.fullmatch(region):
        raise usage("NoRegion", f"{region!r} is not the name of a region ({origin}).", "Write it like us-west-2.")
    return region


def _is_environment_of(info: SandboxInfo, environ: Mapping[str, str]) -> bool:
    """Return whether the environment variables are those of `jsft sandbox env`."""
    same_endpoint = environ.get(ENDPOINT_VARIABLE) == info.endpoint
    return same_endpoint and environ.get("AWS_ACCESS_KEY_ID") == info.access_key_id


def _wants_sandbox(environ: Mapping[str, str], config: Config) -> bool:
    said = environ.get(SANDBOX_VARIABLE)
    if said is not None:
        return _is_on(said)
    return config.sandbox and not any(environ.get(name) for name in PROFILE_VARIABLES)


def _is_on(text: str | None) -> bool:
    return (text or "").strip().lower() in ("1", "true", "yes", "on")
