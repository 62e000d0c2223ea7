"""Switching the target: the sandbox, a profile, a region."""

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
    """What there is to choose from."""

    profiles: Sequence[str]
    regions: Sequence[str]


def choose_target(app: BaseApp) -> None:
    """Ask for a profile (or the sandbox), then for a region, and open that target."""

    def show(places: Places) -> None:
        def chosen(key: str | None) -> None:
            if key == SANDBOX:
                app.switch_target(app.session_factory.in_sandbox())
            elif key is not None:
                _choose_region(app, places.regions, None if key == DEFAULT else key.removeprefix(PROFILE))

        app.ask_person(ChoiceDialog("Where calls go", _targets(places.profiles), at=_here(app)), chosen)

    app.ask("profiles", lambda _: Places(known_profiles(), known_regions()), show, app.say_problem)


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


def _choose_region(app: BaseApp, regions: Sequence[str], profile: str | None) -> None:
    def chosen(region: str | None) -> None:
        if region is not None:
            app.switch_target(app.session_factory.elsewhere(profile, None if region == OWN_REGION else region))

    own = "The profile's own region" if profile else "The region of the environment or the settings"
    choices = [Choice(OWN_REGION, own), *(Choice(name, name) for name in regions)]
    app.push_screen(ChoiceDialog("Region", choices), chosen)
