"""Settings: each with its origin; changed for this run, taken back, kept for all."""

from __future__ import annotations

from pathlib import Path

from jsft_tui.config import Config, load_config
from jsft_tui.core.run.run import KmsKeys, Vpc
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.tui.app import JsftApp, Start
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.screens.settings.screen import SettingsScreen
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.home import Home, environment
from tests.tui.pilot import Work, at_work
from tests.tui.still import still_app
from tests.tui.worlds import ORDINARY


def row(work: Work, name: str) -> str:
    return next(line for line in work.lines if line.lstrip("▌ ").startswith(name))


async def at_setting(work: Work, name: str) -> None:
    work.screen(SettingsScreen).query_one(VirtualTable).move_to_key(name)
    await work.pilot.pause()


async def test_every_setting_says_where_it_came_from(tmp_path: Path) -> None:
    app = still_app(ORDINARY, tmp_path, config=Config(max_cost_usd=20.0))
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        await work.settle()
        await work.press("comma")
        assert "SageMaker config (user)" in row(work, "role")
        assert "this run" in row(work, "output")
        assert "$20.00" in row(work, "max cost")
        assert "jsft config" in row(work, "max cost")
        assert "model's spec" in row(work, "network isolation")
        assert "not set" in row(work, "volume key")
        assert "research" not in row(work, "account")
        assert "/home/ana/.config" in row(work, "config file")


async def test_a_setting_is_typed_refused_switched_and_taken_back(home: Home) -> None:
    async with at_work(home) as work:
        await work.press("comma")
        assert "the sandbox" in row(work, "role")
        await at_setting(work, "volume_key")
        await work.press("u")
        assert isinstance(work.app.screen, PromptDialog)
        await work.type("not a key")
        await work.press("enter")
        assert "not a KMS key" in work.text
        await work.press(*["backspace"] * 9)
        await work.type("alias/disk")
        await work.press("enter")
        assert work.run.kms.volume == "alias/disk"
        assert "this run" in row(work, "volume key")
        await work.press("x")
        assert work.run.kms == KmsKeys()
        await at_setting(work, "subnets")
        await work.press("u")
        await work.type("subnet-1, subnet-2")
        await work.press("enter")
        assert work.run.vpc == Vpc(("subnet-1", "subnet-2"), ())
        await at_setting(work, "network_isolation")
        seen = []
        for _ in range(3):
            await work.press("enter")
            seen.append(work.run.network_isolation)
        assert seen == [True, False, None]
        await at_setting(work, "fact region")
        await work.press("enter", "u", "x", "w")
        work.screen(SettingsScreen)
        assert len(work.app.screen_stack) == 2  # no dialog


async def test_a_value_is_kept_and_its_origin_is_then_the_config(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("# mine\ntheme: dark\n")
    with environment(home.environment()):
        app = JsftApp(Start(SessionFactory(TargetChoice(sandbox=True), home.paths, Config(), file)))
        async with app.run_test(size=(100, 30)) as pilot:
            work = Work(app, pilot)
            await work.wait_for("fine-tunable")
            await work.press("comma")
            await at_setting(work, "tags")
            await work.press("enter")
            await work.type("team")
            await work.press("equals_sign")
            await work.type("vision")
            await work.press("enter", "w")
            assert load_config(file).tags == {"team": "vision"}
            assert file.read_text() == "# mine\ntheme: dark\ntags: {team: vision}\n"
            assert "jsft config" in row(work, "tags")
            await at_setting(work, "checkpoint")
            await work.press("w")
            assert "belongs to one run" in work.text
            file.write_text("- nonsense\n")
            await at_setting(work, "role")
            await work.press("w")
            assert "config.yaml is not a" in work.text  # the rest of the line is cut where the path is long


async def test_values_are_found_and_where_that_is_denied_they_are_typed(tmp_path: Path) -> None:
    app = still_app(ORDINARY, tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        await work.settle()
        await work.press("comma", "enter")
        assert "Train  arn:aws:iam::123456789012:role/Train" in work.text
        await work.press("enter")
        assert work.run.role == "arn:aws:iam::123456789012:role/Train"
        await at_setting(work, "subnets")
        await work.press("enter")  # there is one VPC only
        assert "again takes it out" in work.text
        await work.press("enter")
        assert work.run.vpc == Vpc(("subnet-1a1b2c3d",), ("sg-0a1b2c3d",))
        await work.press("enter")
        await work.type("by hand")
        await work.press("enter")
        assert isinstance(work.app.screen, PromptDialog)
        await work.press("escape")
        await at_setting(work, "output_key")
        await work.press("enter")
        assert isinstance(work.app.screen, PromptDialog)
        assert "kms:ListKeys" in work.text
        await work.type("alias/models")
        await work.press("enter")
        assert work.run.kms.output == "alias/models"
