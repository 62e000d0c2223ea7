"""Look on this machine for the ways to an account, while nobody is signed in. Nothing is asked of AWS."""

from __future__ import annotations

import time

from jsft_tui.aws.client.profiles import profile_names
from jsft_tui.aws.client.sign_in.sso import sso_sign_ins
from jsft_tui.core.account.ways_in import FoundWays
from jsft_tui.core.common.errors import Problem
from jsft_tui.services.target.sandbox import missing_packages


def find_ways(why: str) -> FoundWays:
    """Return what was found.

    Args:
        why: code of the problem for which no account can be reached; empty if none was tried.
    """
    installed = not missing_packages()
    try:
        return FoundWays(installed, tuple(profile_names()), tuple(sso_sign_ins()), why, time.time())
    except Problem:  # files that cannot be read: the problem that is shown says so
        return FoundWays(installed, why=why, now=time.time())
