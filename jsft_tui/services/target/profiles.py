"""Profiles and regions that a person can switch to."""

from __future__ import annotations

from jsft_tui.aws.client.profiles import profile_names
from jsft_tui.aws.client.sagemaker_sdk import region_config


def known_profiles() -> list[str]:
    """The AWS profiles of this machine."""
    return profile_names()


def known_regions() -> list[str]:
    """The regions that JumpStart is in."""
    return sorted(region_config())
