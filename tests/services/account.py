"""The adapters of a test's sandbox, without a face in front of them."""

from __future__ import annotations

from jsft_tui.aws.account import Account
from jsft_tui.core.account.target import StaticCredentials, Target
from tests.common.home import Home


def target_of(home: Home, *, read_only: bool = False) -> Target:
    """The sandbox of a home as a target."""
    info = home.sandbox.info
    keys = StaticCredentials(info["access_key_id"], info["secret_access_key"])
    return Target(info["region"], endpoint=info["endpoint"], credentials=keys, sandbox=True, read_only=read_only)


def account_of(home: Home) -> Account:
    """Its adapters."""
    return Account(target_of(home))
