"""Profiles and Regions that the user can switch to."""

from __future__ import annotations

from jsft_tui.aws.client.profiles import profile_names
from jsft_tui.aws.client.sagemaker_sdk import region_config


def known_profiles() -> list[str]:
    """Return the AWS profiles of this machine."""
    return profile_names()


def known_regions() -> list[str]:
    """Return the Regions with JumpStart."""
    return sorted(region_config())
