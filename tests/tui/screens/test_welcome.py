"""Nobody is signed in: the ways to begin, each with what it means, and where each of them leads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.tui.dialogs.choice import ChoiceDialog
from jsft_tui.tui.dialogs.sign_in.device_sign_in import SignInDialog
from jsft_tui.tui.screens.models.screen import ModelsScreen
from jsft_tui.tui.screens.review.screen import ReviewScreen
from jsft_tui.tui.screens.welcome.screen import WelcomeScreen
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.aws.client.sign_in.identity_center import CODE, IdentityCenter
from tests.common.home import Home
from tests.tui.driver.pilot import Work, at_work
from tests.tui.driver.still import still_app


async def at_way(work: Work, way: str) -> None:
    work.screen(WelcomeScreen).query_one(VirtualTable).move_to_key(way)
    await work.pilot.pause()


async def test_enter_enters_the_sandbox_where_a_run_is_ready(home: Home) -> None:
    async with at_work(home, (120, 36), choice=TargetChoice(), settled=False) as work:
        await work.wait_for("no region is set")
        assert work.lines[0].split() == ["jsft", "not", "signed", "in"]
        assert "1 Model" not in work.text  # there is no run yet
        await work.press("1", "escape")
        work.screen(WelcomeScreen)
        await work.press("enter")
        await work.wait_for("can be fine-tuned")
        await work.wait_for("efficientnet-lite0")
        await work.settle()
        assert "reviews it" in work.text
        assert work.run.hyperparameters["epochs"] == "10"
        work.screen(ModelsScreen)
        await work.press("escape")  # not back to the welcome
        work.screen(ModelsScreen)
        await work.press("5")
        work.screen(ReviewScreen)


async def test_what_is_chosen_in_the_sandbox_is_there_when_one_enters_again(home: Home) -> None:
    async with at_work(home, choice=TargetChoice(sandbox=True)) as work:
        await work.press("j", "space")
        chosen = work.run.model.id
    async with at_work(home, choice=TargetChoice(), settled=False, fresh=False) as work:
        await work.wait_for("no region is set")
        await work.press("enter")
        await work.wait_for("can be fine-tuned")
        await work.settle()
        assert work.run.model.id == chosen


async def test_a_problem_with_a_profile_is_said_and_others_can_be_chosen(home: Home, tmp_path: Path) -> None:
    files = tmp_path / "aws"
    files.write_text("[profile team]\nregion = eu-central-1\n")
    async with at_work(home, choice=TargetChoice("nope"), settled=False, AWS_CONFIG_FILE=str(files)) as work:
        await work.wait_for("there is no profile nope in")
        await work.wait_for("1 profile in ~/.aws")
        await at_way(work, "profile")
        await work.press("enter")
        assert isinstance(work.app.screen, ChoiceDialog)
        assert "AWS profile team" in work.text
        await work.press("escape")
        work.screen(WelcomeScreen)


async def test_a_region_without_credentials_is_welcomed_too_and_r_looks_again(home: Home) -> None:
    async with at_work(home, choice=TargetChoice(region="us-west-2"), settled=False) as work:
        await work.wait_for("none found")
        await work.press("r")
        await work.wait_for("none found")
        work.screen(WelcomeScreen)


async def test_what_is_typed_elsewhere_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsft_tui.services.target.sandbox.REQUIRED_MODULES", ("no_such_package",))
    app = still_app(None, tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        await work.wait_for("not installed")
        await work.wait_for("pip install 'jsft-tui[sandbox]'")
        await work.press("enter")
        assert app.clipboard == "pip install 'jsft-tui[sandbox]'"
        await at_way(work, "keys")
        await work.press("y")
        assert "AWS_SECRET_ACCESS_KEY" in app.clipboard
        await at_way(work, "browse")
        await work.press("y")
        assert "AWS_SECRET_ACCESS_KEY" in app.clipboard


async def test_a_code_is_shown_until_it_is_confirmed_and_the_token_is_kept(home: Home, tmp_path: Path) -> None:
    files = tmp_path / "aws"
    with IdentityCenter() as center:
        files.write_text(center.profile("team"))
        variables: dict[str, Any] = {"AWS_CONFIG_FILE": str(files), "HOME": str(tmp_path), **center.variables}
        async with at_work(home, choice=TargetChoice(), settled=False, **variables) as work:
            await work.wait_for("team, signed out")
            await at_way(work, "sso")
            await work.pilot.press("enter")
            await work.wait_for(CODE)
            assert isinstance(work.app.screen, SignInDialog)
            await work.pilot.press("escape")
            await work.wait_for(lambda: not isinstance(work.app.screen, SignInDialog))
            assert not list(tmp_path.glob(".aws/sso/cache/*"))
            await work.pilot.press("enter")
            await work.wait_for(CODE)
            center.confirm()
            await work.wait_for(lambda: bool(list(tmp_path.glob(".aws/sso/cache/*"))))
            await work.wait_for(lambda: not isinstance(work.app.screen, SignInDialog))
            assert work.app.session_factory.choice.profile == "team"
    token = json.loads(next(tmp_path.glob(".aws/sso/cache/*")).read_text())
    assert token["accessToken"] == center.token
