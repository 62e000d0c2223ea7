"""Remedies for credentials, regions and the way to AWS."""

from __future__ import annotations

import shlex

from jsft_tui.core.common.remedy import Remedy, RemedyCommand

SIGN_IN = Remedy("Sign in again, or try the sandbox", RemedyCommand.SIGN_IN_OR_SANDBOX)
CHOOSE_REGION = Remedy("Choose a region, or try the sandbox", RemedyCommand.REGION)


def sso_login(profile: str | None) -> Remedy:
    """Return the remedy for a profile whose SSO sign-in is over; None: the default profile."""
    return _sign_in("aws sso login", profile)


def aws_login(profile: str | None) -> Remedy:
    """Return the remedy for a profile whose `aws login` is over; None: the default profile."""
    return _sign_in("aws login", profile)


def sso_setup(profile: str | None) -> Remedy:
    """Return the remedy for a profile whose SSO settings are not complete; None: the default profile."""
    flag = f" --profile {shlex.quote(profile)}" if profile else ""
    return Remedy("Complete its SSO settings", RemedyCommand.SHELL, f"aws configure sso{flag}")


def configure(profile: str) -> Remedy:
    """Return the remedy for a profile without any credentials."""
    return Remedy("Give it keys, a role or SSO", RemedyCommand.SHELL, f"aws configure --profile {shlex.quote(profile)}")


def _sign_in(command: str, profile: str | None) -> Remedy:
    flag = f" --profile {shlex.quote(profile)}" if profile else ""
    return Remedy("Sign in again", RemedyCommand.SHELL, f"{command}{flag}")
