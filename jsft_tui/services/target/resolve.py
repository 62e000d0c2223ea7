"""Which target is meant: flags, then the environment, then the config file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from jsft_tui.config import Config
from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.services.target.sandbox import Sandbox, SandboxInfo, target_of

SANDBOX_VARIABLE = "JSFT_SANDBOX"
ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL"
READ_ONLY_VARIABLE = "JSFT_READ_ONLY"


@dataclass(frozen=True)
class TargetChoice:
    """What was said on the command line; None: nothing."""

    profile: str | None = None
    region: str | None = None
    sandbox: bool = False
    read_only: bool = False
    aws: bool = False
    """Not the sandbox and no profile of the settings, whatever environment and settings say."""


def resolve_target(
    choice: TargetChoice, config: Config, sandbox: Sandbox, environ: Mapping[str, str] = os.environ
) -> Target:
    """The target that is meant; the sandbox is started when it is the one.

    Raises:
        Problem: contradicting flags, no region, or no sandbox.
    """
    if choice.sandbox and choice.profile:
        raise usage("BadUsage", "--sandbox and --profile exclude each other.", "Use one of them.")
    read_only = choice.read_only or _is_on(environ.get(READ_ONLY_VARIABLE))
    if choice.sandbox or (not choice.profile and not choice.aws and _wants_sandbox(environ, config)):
        info = sandbox.ensure(choice.region)
        if choice.region and choice.region != info.region:
            message = f"the sandbox runs in {info.region}."
            raise usage("SandboxRegion", message, "Stop it first (jsft sandbox stop), or leave --region out.")
        return target_of(info, read_only=read_only)
    meant = sandbox.running() if environ.get(ENDPOINT_VARIABLE) and not choice.profile else None
    if meant is not None and _is_environment_of(meant, environ):
        return target_of(meant, read_only=read_only)
    profile = choice.profile or (None if choice.aws else _config_profile(config, environ))
    region = choice.region or environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or config.region
    region = region or _profile_region(profile or environ.get("AWS_PROFILE"))
    if not region:
        raise usage(
            "NoRegion", "no AWS region is chosen.", Remedy("Choose a region, or try the sandbox", RemedyCommand.REGION)
        )
    return Target(region, profile=profile, read_only=read_only)


def _is_environment_of(info: SandboxInfo, environ: Mapping[str, str]) -> bool:
    """Whether the environment is the one that `jsft sandbox env` gives."""
    same_endpoint = environ.get(ENDPOINT_VARIABLE) == info.endpoint
    return same_endpoint and environ.get("AWS_ACCESS_KEY_ID") == info.access_key_id


def _config_profile(config: Config, environ: Mapping[str, str]) -> str | None:
    """The profile of the settings, unless the environment says who one is.

    A profile that the environment names is left to boto3, whose own order lets exported keys win over it; named
    outright it would win over them, and calls would go to another account than the AWS CLI's.
    """
    said = any(environ.get(name) for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID"))
    return None if said else config.profile


def _wants_sandbox(environ: Mapping[str, str], config: Config) -> bool:
    said = environ.get(SANDBOX_VARIABLE)
    if said is not None:
        return _is_on(said)
    return config.sandbox and not environ.get("AWS_PROFILE")


def _is_on(text: str | None) -> bool:
    return (text or "").strip().lower() in ("1", "true", "yes", "on")


def _profile_region(profile: str | None) -> str | None:
    from jsft_tui.aws.client.profiles import profile_region

    return profile_region(profile)
