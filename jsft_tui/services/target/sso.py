"""Sign in with IAM Identity Center: show a code, and wait until it is confirmed in a browser."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsft_tui.core.account.sign_in import DeviceCode
    from jsft_tui.services.background.tasks import Reporter


def sign_in_with_sso(profile: str, reporter: Reporter[DeviceCode]) -> None:
    """Report the code of a profile's sign-in, and return when it is confirmed.

    Raises:
        Problem: the settings are not complete, or the code has expired or was refused.
        Cancelled: nobody waits for it any more.
    """
    from jsft_tui.aws.client.sign_in.device_flow import DeviceFlow

    flow = DeviceFlow(profile)
    code = flow.begin()
    reporter.tell(code)
    while True:
        time.sleep(flow.interval)
        if not reporter.is_wanted or flow.is_confirmed():
            return
