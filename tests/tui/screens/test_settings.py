"""Settings: each with its origin; changed for this run, taken back, kept for all."""

from __future__ import annotations

from pathlib import Path

from jsft_tui.config import Config, load_config
from jsft_tui.core.run.run import KmsKeys, Vpc
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.tui.application.app import JsftApp, Start
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.screens.settings.screen import SettingsScreen
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.common.home import Home, environment
from tests.tui.driver.pilot import Work, at_work
from tests.tui.driver.still import still_app
from tests.tui.driver.worlds import ORDINARY


def row(work: Work, name: str) -> str:
    return next(line for line in work.lines if line.lstrip("│┃▌ ").startswith(name))


async def at_setting(work: Work, name: str) -> None:
    work.screen(SettingsScreen).query_one(VirtualTable).move_to_key(name)
    await work.pilot.pause()


async def test_every_setting_says_where_it_came_from(tmp_path: Path) -> None:
    app = still_app(ORDINARY, tmp_path, config=Config(max_cost_usd=20.0, mouse=False))
    async with app.run_test(size=(120, 36)) as pilot:
        work = Work(app, pilot)
        await work.settle()
        await work.press("comma")
        assert row(work, "execution role").split("│")[1].split()[-3:] == ["Train", "SageMaker", "config"]
        assert "this run" in row(work, "output")
        assert "$20.00" in row(work, "limit per run")
        assert "jsft config" in row(work, "limit per run")
        assert "model" in row(work, "network isolation")
        assert "–" in row(work, "volume key")
        assert "1234 5678 9012" in row(work, "account")
        assert "/home/ana/.config" in row(work, "config file")
        assert row(work, "mouse").split("│")[1].split() == ["mouse", "off", "jsft", "config"]
        assert "default" in row(work, "ask to type from")
        assert "✔ SageMaker config, yours  Train" in work.text
        await at_setting(work, "own mouse")
        await work.wait_for("from the next start")


async def test_jsfts_own_settings_are_chosen_kept_and_taken_back(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    with environment(home.environment()):
        app = JsftApp(Start(SessionFactory(TargetChoice(sandbox=True), home.paths, Config(), file)))
        async with app.run_test(size=(120, 36)) as pilot:
            work = Work(app, pilot)
            await work.wait_for("can be fine-tuned")
            await work.press("comma")
            await at_setting(work, "own notify")
            await work.press("enter", "down", "enter")
            assert load_config(file).notify is False
            assert "jsft config" in row(work, "notify")
            await work.press("x")
            assert load_config(file).notify is True
            assert "default" in row(work, "notify")
            await at_setting(work, "own confirm_above_usd")
            await work.press("enter", *["backspace"] * 4)
            await work.type("much")
            await work.press("enter")
            assert "An amount of USD" in work.text
            await work.press(*["backspace"] * 4)
            await work.type("5")
            await work.press("enter")
            assert load_config(file).confirm_above_usd == 5.0
            assert "$5.00" in row(work, "ask to type from")


async def test_the_checks_tell_whether_a_role_is_any_good(home: Home) -> None:
    async with at_work(home, (120, 36), demo=True) as work:
        await work.press("comma")
        assert "Not checked" in work.text
        await work.press("c")
        await work.wait_for("Checked.")
        assert "Not checked" not in work.text
        assert "✔ trusted" in work.text.lower() or "trusts" in work.text.lower() or "assume" in work.text.lower()


async def test_a_setting_is_typed_refused_switched_and_taken_back(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        await work.press("comma")
        assert "the sandbox" in row(work, "execution role")
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
        assert "alias/disk" in row(work, "volume key")
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
        assert work.app.screen_stack[-1] is work.app.work_screen  # no dialog


async def test_a_value_is_kept_and_its_origin_is_then_the_config(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("# mine\ntheme: dark\n")
    with environment(home.environment()):
        app = JsftApp(Start(SessionFactory(TargetChoice(sandbox=True), home.paths, Config(), file)))
        async with app.run_test(size=(120, 36)) as pilot:
            work = Work(app, pilot)
            await work.wait_for("can be fine-tuned")
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
            assert "belong to one run" in work.text
            await at_setting(work, "own theme")
            await work.press("enter")
            await work.type("light")
            await work.press("enter")
            assert load_config(file).theme == "light"
            assert "jsft config" in row(work, "theme ")
            file.write_text("- nonsense\n")
            await at_setting(work, "role")
            await work.press("w")
            said = "".join(line.split("│")[0].strip("┃ ") for line in work.lines)  # it is long: some rows of the list
            assert "config.yamlisnota" in said.replace(" ", "")


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
        assert "select again to remove" in work.text
        await work.press("enter")
        assert work.run.vpc == Vpc(("subnet-1a1b2c3d",), ("sg-0a1b2c3d",))
        await work.press("enter")
        await work.type("Enter a value")
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
