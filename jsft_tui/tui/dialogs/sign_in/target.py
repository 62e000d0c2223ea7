"""Switch the target: the sandbox, or a profile and a region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.services.target.profiles import known_profiles, known_regions
from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog

SANDBOX, DEFAULT, PROFILE = "sandbox", "default", "profile "
OWN_REGION = "own"


@dataclass(frozen=True)
class Places:
    """The profiles and regions to choose from."""

    profiles: Sequence[str]
    regions: Sequence[str]


async def choose_target(app: BaseApp) -> None:
    """Ask for a profile (or the sandbox), then for a Region, and open that target; from a flow of the app.

    Raises:
        Problem: the profiles cannot be read.
    """
    places = await app.call(lambda: Places(known_profiles(), known_regions()))
    key = await app.open_dialog(ChoiceDialog("Where calls go", _targets(places.profiles), at=_here(app)))
    if key is None:
        return
    if key == SANDBOX:
        await app.switch_target(app.session_factory.in_sandbox())
        return
    profile = None if key == DEFAULT else key.removeprefix(PROFILE)
    own = "The profile's own region" if profile else "The region of the environment or the settings"
    choices = [Choice(OWN_REGION, own), *(Choice(name, name) for name in places.regions)]
    region = await app.open_dialog(ChoiceDialog("Region", choices))
    if region is not None:
        await app.switch_target(app.session_factory.elsewhere(profile, None if region == OWN_REGION else region))


def _targets(profiles: Sequence[str]) -> list[Choice]:
    return [
        Choice(SANDBOX, "Sandbox on this machine", "no account, nothing is paid"),
        Choice(DEFAULT, "AWS, default credentials", "environment, SSO, instance role"),
        *(Choice(f"{PROFILE}{name}", f"AWS profile {name}") for name in profiles),
    ]


def _here(app: BaseApp) -> str:
    target = app.session.target if app.session else None
    if target is None or target.sandbox:
        return SANDBOX
    return f"{PROFILE}{target.profile}" if target.profile else DEFAULT
