"""Switching the target: the sandbox, a profile, a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsft_tui.services.profiles import known_profiles, known_regions
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog

if TYPE_CHECKING:
    from jsft_tui.services.opening import Opening
    from jsft_tui.tui.app import JsftApp

SANDBOX, DEFAULT = "sandbox", "default"


def choose_target(app: JsftApp) -> None:
    """Ask for a profile (or the sandbox), then for a region, and open that target."""

    def show(profiles: list[str]) -> None:
        choices = [
            Choice(SANDBOX, "Sandbox on this machine", "no account, nothing is paid"),
            Choice(DEFAULT, "AWS, default credentials", "environment, SSO, instance role"),
            *(Choice(f"profile {name}", f"AWS profile {name}") for name in profiles),
        ]
        app.push_screen(ChoiceDialog("Where calls go", choices), chosen)

    def chosen(key: str | None) -> None:
        if key == SANDBOX:
            app.open_target(app.opening.in_sandbox())
        elif key is not None:
            _choose_region(app, None if key == DEFAULT else key.removeprefix("profile "))

    app.ask("profiles", lambda _: known_profiles(), show, app.say_problem)


def _choose_region(app: JsftApp, profile: str | None) -> None:
    def chosen(region: str | None) -> None:
        if region is not None:
            app.open_target(_elsewhere(app.opening, profile, region))

    choices = [Choice("", "The profile's own region"), *(Choice(name, name) for name in known_regions())]
    app.push_screen(ChoiceDialog("Region", choices), chosen)


def _elsewhere(opening: Opening, profile: str | None, region: str) -> Opening:
    return opening.elsewhere(profile, region or None)
