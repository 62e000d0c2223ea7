"""What every screen shares: where calls go, keys and their names, help, palette, signing in, too small a terminal."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import pytest

from jsft_tui.config import Config, load_config
from jsft_tui.core.common.errors import Problem
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.session.session import Session
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.tui.app import JsftApp, Start
from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.dialogs.choice import ChoiceDialog
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.help import help_lines, palette_choices
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.keymap_check import check_keymap
from jsft_tui.tui.screens.jobs.screen import JobsScreen
from jsft_tui.tui.screens.models import ModelsScreen
from jsft_tui.tui.screens.review.screen import ReviewScreen
from jsft_tui.tui.screens.settings.screen import SettingsScreen
from jsft_tui.tui.screens.welcome import WelcomeScreen
from jsft_tui.tui.widgets.filter_bar import FilterBar
from tests.home import Home
from tests.tui.pilot import Work, at_work
from tests.tui.still import StillOpening, still_app
from tests.tui.worlds import ORDINARY

KEYMAP = {"launch": "ctrl+y", "quit": "ctrl+x", "edit_setting": "i"}
CONFIG = Path("/home/ana/config.yaml")
IN_PALETTE_ONLY_BY_KEY = {"palette", "back", "interrupt"}


@pytest.mark.parametrize("where", [where for where in ScreenId if where is not ScreenId.ANYWHERE])
def test_help_and_palette_hold_every_action_with_its_key_of_now(where: ScreenId) -> None:
    helped = "\n".join(line.text for line in help_lines(where, KEYMAP))
    offered = {choice.text: choice.note for choice in palette_choices(where, KEYMAP)}
    for action in (*BY_SCREEN[where], *BY_SCREEN[ScreenId.ANYWHERE]):
        assert action.help in helped
        if action.id not in IN_PALETTE_ONLY_BY_KEY:
            assert action.help in offered
    assert offered["Leave; jobs go on running."] == "^x"
    launch = "Launch the training job."
    assert offered[launch if where is ScreenId.REVIEW else f"Review: {launch}"] == "^y"


async def test_the_palette_leads_to_what_can_be_done_on_another_screen(home: Home) -> None:
    async with at_work(home, (100, 30)) as work:
        await work.press("ctrl+p")
        await work.type("review: launch")
        await work.press("enter")
        await work.wait_for("L: Launch the training job.")
        assert work.screen(ReviewScreen).is_current
        await work.press("ctrl+p")
        await work.type("compare: save")
        await work.press("enter")
        await work.wait_for("Compare is reached from here. There, x: ")
        assert work.screen(JobsScreen).is_current


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"lunch": "x"}, "Did you mean launch?"),
        ({"launch": "ctrl+b"}, "belongs to tmux"),
        ({"launch": "y,ctrl+a"}, "belongs to tmux"),
        ({"launch": "ctlr+y"}, "no key"),
        ({"launch": ""}, "no key"),
        ({"launch": "q"}, "both launch and quit"),
        ({"launch": "?"}, "both launch and help"),
        ({"launch": "j"}, 'j would be both launch and "down" in lists. Give launch another key.'),
        ({"retry_job": "z"}, 'z would be both retry_job and "wrap" in the log'),
        ({"clone_this": "c,N"}, 'N would be both clone_this and "match before" in the log'),
        ({"recheck": "space"}, 'space would be both recheck and "page down" in texts'),
        ({"retry_job": "o"}, 'o would be both retry_job and "smoother" in charts'),
        ({"go_jobs": "G"}, 'G would be both go_jobs and "last" in lists'),
        ({"quit": "tab"}, 'tab would be both quit and "focus next" on every screen'),
        ({"redraw": "x"}, "x could not be typed any more"),
        ({"redraw": "!"}, "! could not be typed any more"),
        ({"suspend": "backspace"}, "backspace would be both suspend"),
    ],
)
def test_keys_that_cannot_be_are_said_before_anything_is_shown(keys: Mapping[str, str], says: str) -> None:
    with pytest.raises(Problem) as refused:
        check_keymap(keys, CONFIG)
    assert refused.value.code == "BadConfig"
    assert says in str(refused.value)
    assert str(refused.value).startswith(f"{CONFIG}: keys: ")
    assert "\n" not in str(refused.value)


def test_keys_may_be_exchanged_and_written_as_characters() -> None:
    check_keymap({"launch": "r", "recheck": "L", "help": "!", "quit": "Q,ctrl+x", "go_jobs": "f6"}, CONFIG)
    every = [action for actions in BY_SCREEN.values() for action in actions if action.keys]
    check_keymap({action.id: ",".join(action.keys) for action in every}, CONFIG)


async def test_remapped_keys_work_and_are_shown(tmp_path: Path) -> None:
    app = still_app(ORDINARY, tmp_path, config=Config(keys={"settings": "ctrl+y", "quit": "Q"}))
    async with app.run_test(size=(170, 36)) as pilot:
        work = Work(app, pilot)
        await work.settle()
        assert "Q quit" in work.text
        assert "^y settings" in work.text
        await work.press("comma")
        work.screen(ModelsScreen)
        await work.press("ctrl+y")
        work.screen(SettingsScreen)
        await work.press("question_mark")
        assert "^y" in work.text
        await work.press("escape", "q")
        assert app.is_running
        await pilot.press("Q")
        assert app.return_code == 0


async def test_keys_are_typed_where_one_types_and_dialogs_keep_theirs(tmp_path: Path) -> None:
    app = still_app(ORDINARY, tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        await work.settle()
        await work.press("slash", "question_mark", "2", "q", "comma")
        assert work.app.screen.query_one(FilterBar).value == "?2q,"
        work.screen(ModelsScreen)
        await work.press("escape", "escape")  # the text, then the filter
        for key, dialog in (("ctrl+p", ChoiceDialog), ("question_mark", ReadingDialog), ("ctrl+t", ChoiceDialog)):
            await work.press(key)
            assert isinstance(app.screen, dialog)
            await work.press("6", "comma", "ctrl+t", "ctrl+l")
            assert isinstance(app.screen, Dialog)
            app.go(ScreenId.SETTINGS)
            work.screen(ModelsScreen)
            await work.press("escape")
        await work.press("ctrl+p")
        await work.type("network, keys")
        await work.press("enter")
        work.screen(SettingsScreen)
        await work.press("escape")
        work.screen(ModelsScreen)
        await work.press("question_mark")
        await pilot.press("ctrl+c", "ctrl+c")
        assert app.return_code == 130


async def test_nobody_signed_in_is_welcomed_and_enters_the_sandbox(home: Home) -> None:
    async with at_work(home, choice=TargetChoice(), settled=False) as work:
        await work.wait_for("No region is known.")
        await work.settle()
        for text in ("aws sso login --profile NAME", "AWS_ACCESS_KEY_ID", "source_profile", "Press s for the sandbox"):
            assert text in work.text
        assert "not signed in" in work.lines[0]
        await work.press("1", "escape")
        work.screen(WelcomeScreen)
        await work.press("r")
        work.screen(WelcomeScreen)
        await work.press("s")
        await work.wait_for("SANDBOX")
        await work.wait_for("fine-tunable")
        work.screen(ModelsScreen)
        await work.press("escape")  # not back to the welcome
        work.screen(ModelsScreen)


async def test_an_unknown_profile_is_said_and_others_can_be_chosen(home: Home, tmp_path: Path) -> None:
    files = tmp_path / "aws"
    files.write_text("[profile team]\nregion = eu-central-1\n")
    async with at_work(home, choice=TargetChoice("nope"), settled=False, AWS_CONFIG_FILE=str(files)) as work:
        await work.wait_for("(nope)")
        await work.press("p")
        assert "AWS profile team" in work.text
        await work.press("escape")
        work.screen(WelcomeScreen)


async def test_a_region_without_credentials_is_welcomed_too(home: Home) -> None:
    async with at_work(home, choice=TargetChoice(region="us-west-2"), settled=False) as work:
        await work.wait_for("not signed in.")
        work.screen(WelcomeScreen)


async def test_without_the_sandboxs_packages_the_welcome_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jsft_tui.services.target.sandbox.NEEDED", ("no_such_package",))
    app = still_app(None, tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        await work.wait_for("pip install 'jsft-tui[sandbox]'")


async def test_an_expired_sign_in_leaves_the_cache_and_ctrl_r_signs_in_again(home: Home) -> None:
    async with at_work(home) as work:
        assert "73 of 73" in work.text
        home.sandbox.set_faults({"do": "expired"})
        await work.press("r")
        assert "NOT SIGNED IN" in work.lines[0]
        assert "aws sso login" in work.text
        assert "73 of 73" in work.text
        await work.press("down")
        await work.press("ctrl+r")
        assert "NOT SIGNED IN" in work.lines[0]
        assert "73 of 73" in work.text
        home.sandbox.set_faults()
        await work.press("ctrl+r")
        await work.wait_for(lambda: "NOT SIGNED IN" not in work.text)
        work.screen(ModelsScreen)


async def test_read_only_is_shown_and_every_writing_call_is_refused(home: Home) -> None:
    async with at_work(home, choice=TargetChoice(sandbox=True, read_only=True)) as work:
        assert "READ-ONLY" in work.lines[0]
        with pytest.raises(Problem) as refused:
            work.session.services.account.training.create({"TrainingJobName": "never"})
        assert refused.value.code == "ReadOnly"
        await work.press("ctrl+t")
        await work.type("sandbox")
        await work.press("enter")
        await work.wait_for("READ-ONLY")


async def test_a_terminal_that_is_too_small_says_so_and_goes_on_where_it_was(tmp_path: Path) -> None:
    app = still_app(ORDINARY, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        work = Work(app, pilot)
        await work.settle()
        await work.press("down")
        focused = app.focused
        for size in ((59, 24), (80, 14)):
            await pilot.resize_terminal(*size)
            await work.wait_for("too small")
            assert [line for line in work.lines if line.strip()] == [work.lines[0]]
        await pilot.resize_terminal(80, 24)
        await work.wait_for("fine-tunable")
        assert app.focused is focused is not None


async def test_a_theme_is_shown_at_once_and_kept(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("# mine\n")
    session_factory = SessionFactory(TargetChoice(sandbox=True), home.paths, Config(), file)
    app = JsftApp(Start(session_factory))
    async with app.run_test(size=(80, 24)) as pilot:
        work = Work(app, pilot)
        app.action_choose_theme()
        await pilot.pause()
        await work.type("contrast")
        await work.press("enter")
        assert app.theme == "jsft-high-contrast"
        assert load_config(file).theme == "high-contrast"
        assert file.read_text().startswith("# mine\n")


@dataclass(frozen=True)
class HeardOpening(StillOpening):
    """Says when it is opened."""

    heard: list[str] = field(default_factory=list)

    def open_session(self) -> Session:
        self.heard.append("opened")
        return super().open_session()


async def test_the_draft_is_on_the_disk_before_it_is_read_again_however_often_one_asks(tmp_path: Path) -> None:
    start = still_app(ORDINARY, tmp_path).session_factory
    assert isinstance(start, StillOpening)
    session_factory = HeardOpening(**{each.name: getattr(start, each.name) for each in fields(start)})
    app = JsftApp(Start(session_factory))
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None)
        await work.settle()
        session_factory.heard.clear()

        def slow_flush(seconds: float = 2.0) -> None:
            del seconds
            time.sleep(0.1)
            session_factory.heard.append("flushed")

        work.session.drafts.flush = slow_flush  # type: ignore[method-assign]
        app.open_target(session_factory)
        app.open_target(session_factory)
        await work.wait_for(lambda: app.session is not None)
        await work.settle()
        assert session_factory.heard[0] == "flushed"
        assert sorted(session_factory.heard) == ["flushed", "flushed", "opened", "opened"]


async def test_a_draft_that_cannot_be_read_is_kept_aside_and_said(home: Home) -> None:
    file = home.paths.state / "drafts" / "sandbox.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('{"version": 99}')
    aside = file.with_name(f"{file.name}.unreadable")
    try:
        async with at_work(home, fresh=False) as work:
            await work.wait_for("could not be read")
            await work.press("escape")
            assert "could not be read" not in work.text
            assert aside.read_text() == '{"version": 99}'
            assert not work.session.drafts.run.model.id
    finally:
        aside.unlink(missing_ok=True)
