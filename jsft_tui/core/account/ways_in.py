"""The ways into jsft while nobody is signed in: which there are, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.common.text import plural


class WayIn(Enum):
    """A way to begin, in the order of the list."""

    SANDBOX = "sandbox"
    SSO = "sso"
    PROFILE = "profile"
    KEYS = "keys"
    ROLE = "role"
    BROWSE = "browse"

    @property
    def title(self) -> str:
        """What it is called."""
        return _TITLES[self][0]

    @property
    def short_title(self) -> str:
        """The same in few words."""
        return _TITLES[self][1]


_TITLES = {
    WayIn.SANDBOX: ("Enter the sandbox", "Enter the sandbox"),
    WayIn.SSO: ("Sign in with IAM Identity Center (SSO)", "Sign in with SSO"),
    WayIn.PROFILE: ("Choose a profile and region", "Choose a profile"),
    WayIn.KEYS: ("Use access keys", "Use access keys"),
    WayIn.ROLE: ("Use the role of this EC2 instance", "Use this instance's role"),
    WayIn.BROWSE: ("Browse the catalog without signing in", "Browse the catalog"),
}

NO_REGION = "NoRegion"
"""Code of the problem that no region is set."""

GROUPS: tuple[tuple[str, tuple[WayIn, ...]], ...] = (
    ("No AWS account needed", (WayIn.SANDBOX,)),
    ("With AWS", (WayIn.SSO, WayIn.PROFILE, WayIn.KEYS, WayIn.ROLE)),
    ("Nothing but look", (WayIn.BROWSE,)),
)
"""Heading -> the ways below it."""


@dataclass(frozen=True)
class SsoSignIn:
    """A profile that signs in with IAM Identity Center.

    Attributes:
        profile: its name.
        ends: when its sign-in ends or ended, in epoch seconds; None if it never was, or no longer is, kept here.
    """

    profile: str
    ends: float | None = None


@dataclass(frozen=True)
class FoundWays:
    """What was found on this machine.

    Attributes:
        is_sandbox_installed: whether the sandbox can be started.
        profiles: names of the AWS profiles.
        sso: those that sign in with IAM Identity Center.
        why: code of the problem for which no account can be reached; empty if none was tried.
        now: epoch seconds.
    """

    is_sandbox_installed: bool
    profiles: tuple[str, ...] = ()
    sso: tuple[SsoSignIn, ...] = ()
    why: str = ""
    now: float = 0.0


def order_of_ways(why: str) -> tuple[WayIn, ...]:
    """Return the ways, group by group; without a region, choosing one is the first with AWS."""
    with_aws: tuple[WayIn, ...] = GROUPS[1][1]
    if why == NO_REGION:
        with_aws = (WayIn.PROFILE, *(way for way in with_aws if way is not WayIn.PROFILE))
    return (WayIn.SANDBOX, *with_aws, WayIn.BROWSE)


def note_of(way: WayIn, found: FoundWays) -> str:
    """Return what is known of a way, in a few words."""
    match way:
        case WayIn.SANDBOX:
            return "ready, a model in 20 s" if found.is_sandbox_installed else "not installed"
        case WayIn.SSO:
            return _sso_note(found)
        case WayIn.PROFILE:
            return (
                "no region is set" if found.why == NO_REGION else f"{plural(len(found.profiles), 'profile')} in ~/.aws"
            )
        case WayIn.KEYS:
            return "how to set them"
        case WayIn.ROLE:
            return "none found" if found.why == "NoCredentials" else "not looked for"
        case WayIn.BROWSE:
            return "public, read-only"


def _sso_note(found: FoundWays) -> str:
    if not found.sso:
        return "not set up yet"
    first = found.sso[0]
    if first.ends is None:
        return f"{first.profile}, signed out"
    if first.ends <= found.now:
        return f"{first.profile}, expired {_age(found.now - first.ends)} ago"
    return f"{first.profile}, signed in"


def _age(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{max(1, minutes)} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
