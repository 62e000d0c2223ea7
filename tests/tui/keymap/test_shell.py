"""What every screen shares: where calls go, keys and their names, help, palette, too small a terminal."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

import pytest
from textual.widgets import Input

from jsft_tui.aws.jobs.launching import Outcome
from jsft_tui.config import Config, load_config
from jsft_tui.core.common.errors import Problem
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.session.session import Session
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.tui.application.app import JsftApp, Start
from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.dialogs.choice import ChoiceDialog
from jsft_tui.tui.dialogs.help import HelpDialog
from jsft_tui.tui.dialogs.palette import palette_choices
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.keymap.former_ids import RENAMED
from jsft_tui.tui.keymap.help_page import help_page
from jsft_tui.tui.keymap_check import check_keymap
from jsft_tui.tui.screens.jobs.screen import JobsScreen
from jsft_tui.tui.screens.models.screen import ModelsScreen
from jsft_tui.tui.screens.review.screen import ReviewScreen
from jsft_tui.tui.screens.settings.screen import SettingsScreen
from jsft_tui.tui.terminal.input.key_parser import BackgroundAnswered
from jsft_tui.tui.theme.color_support import Background
from jsft_tui.tui.widgets.bars.filter_bar import FilterBar
from tests.common.effort import PATIENCE
from tests.common.home import Home
from tests.tui.driver.pilot import Work, at_work
from tests.tui.driver.still import StillOpening, still_app
from tests.tui.driver.worlds import ORDINARY
from tests.tui.screens.every_screen.opened import NEVER_DONE

KEYMAP = {"launch": "ctrl+y", "quit": "ctrl+x", "edit_setting": "i"}
CONFIG = Path("/home/ana/config.yaml")
IN_PALETTE_ONLY_BY_KEY = {"palette", "back", "interrupt"}


@pytest.mark.parametrize("where", [where for where in ScreenId if where is not ScreenId.ANYWHERE])
def test_help_and_palette_hold_every_action_with_its_key_of_now(where: ScreenId) -> None:
    page = help_page(where, KEYMAP)
    helped = {
        each.text: each.keys for part in (*page.own, page.acts, page.lists, page.everywhere) for each in part.lines
    }
    offered = {choice.text: choice.note for choice in palette_choices(where, KEYMAP)}
    for action in (*BY_SCREEN[where], *BY_SCREEN[ScreenId.ANYWHERE]):
        assert not action.keys or action.id.startswith("go_") or (action.brief or action.label) in helped
        if action.id not in IN_PALETTE_ONLY_BY_KEY:
            assert action.help.removesuffix(".") in offered
    assert offered["Quit; jobs go on"] == helped["quit; jobs go on"] == "^x"
    assert helped["launch"] == "^y"
    assert offered["Launch the training job"] == "^y"
    assert {choice.place for choice in palette_choices(where, KEYMAP)} >= {"Review", "Jobs", ""}


async def test_the_palette_leads_to_what_can_be_done_on_another_screen(home: Home) -> None:
    async with at_work(home, (100, 30)) as work:
        await work.press("ctrl+p")
        await work.type("review launch")
        await work.press("enter")
        await work.wait_for("L: Launch the training job.")
        assert work.screen(ReviewScreen).is_current
        await work.press("ctrl+p")
        await work.type("compare save")
        await work.press("enter")
        await work.wait_for("Compare is reached from here. There, w: ")
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
        ({"stop_job": "e"}, 'e would be both stop_job and "first error" in the log'),
        ({"clone_job": "c,N"}, 'N would be both clone_job and "previous match" in the log'),
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


@pytest.mark.parametrize(
    ("keys", "command"),
    [
        ((), "jsft model tensorflow-ic-"),
        (("2",), "jsft s3 ls"),
        (("3",), "jsft instances tensorflow-ic-"),
        (("4",), "jsft model tensorflow-ic-"),
        (("5",), "jsft launch run.yaml"),
        (("6",), "jsft job flowers-running"),
        (("6", "enter"), "jsft job flowers-running"),
        (("6", "space", "down", "space", "equals_sign"), "jsft compare flowers-running a-very-long-job"),
        (("comma",), "jsft doctor"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_the_palette_has_the_command_of_the_screen(keys: Sequence[str], command: str, folder: Path) -> None:
    app = still_app(ORDINARY, folder)
    async with app.run_test(size=(140, 40)) as pilot:
        work = Work(app, pilot)
        await work.settle()
        for key in keys:
            await work.pilot.press(key)
            await work.settle(*NEVER_DONE)
        await work.pilot.press("ctrl+p")
        work.app.screen.query_one(Input).value = "command line"
        await work.pilot.pause()
        assert command[:26] in work.text
        await work.pilot.press("enter")
        await work.pilot.pause()
        assert app.clipboard.startswith(command)
        assert app.clipboard.endswith(" --profile research --region us-west-2")


async def test_former_ids_of_actions_work_and_are_said_once(folder: Path) -> None:
    config = Config(keys={"stop_this": "S", "go_on": "A", "peek_this": "P", "peek_model": "ctrl+o"})
    app = still_app(ORDINARY, folder, config=config)
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        said = "stop_this is now stop_job, go_on is now continue_job, peek_this is now peek_model"
        await work.wait_for(lambda: said in work.question)
        dialog = app.screen
        assert isinstance(dialog, Dialog)
        dialog.listen()
        await work.press("escape", "6")
        assert "S stop" in work.text
        assert app.key_names.word("continue_job") == "A"
        assert app.key_names.word("peek_model") == "ctrl+o"
        app.open_target(app.session_factory)
        await work.settle()
        assert "is now" not in work.text


async def test_a_key_that_the_person_gave_away_is_no_former_key_any_more(folder: Path) -> None:
    app = still_app(ORDINARY, folder, config=Config(keys={"go_jobs": "X"}))
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        await work.settle()
        values = work.run.hyperparameters
        await work.press("4", "X")
        assert work.screen(JobsScreen).is_current
        assert work.run.hyperparameters == values


def test_no_action_has_a_former_id_and_every_one_that_was_renamed_exists() -> None:
    ids = {action.id for actions in BY_SCREEN.values() for action in actions}
    assert not ids & set(RENAMED)
    assert ids >= set(RENAMED.values())


def test_keys_may_be_exchanged_and_written_as_characters() -> None:
    check_keymap({"launch": "r", "recheck": "L", "help": "!", "quit": "Q,ctrl+y", "go_jobs": "f6"}, CONFIG)
    every = [action for actions in BY_SCREEN.values() for action in actions if action.keys]
    check_keymap({action.id: ",".join(action.keys) for action in every}, CONFIG)


async def test_remapped_keys_work_and_are_shown(tmp_path: Path) -> None:
    app = still_app(ORDINARY, tmp_path, config=Config(keys={"settings": "ctrl+y", "quit": "Q"}))
    async with app.run_test(size=(170, 36)) as pilot:
        work = Work(app, pilot)
        await work.settle()
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
        for key, dialog in (("ctrl+p", ChoiceDialog), ("question_mark", HelpDialog), ("ctrl+t", ChoiceDialog)):
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


async def test_an_expired_sign_in_leaves_the_cache_and_ctrl_r_signs_in_again(home: Home) -> None:
    async with at_work(home) as work:
        assert "75 of 100" in work.text
        home.sandbox.set_faults({"do": "expired"})
        await work.press("r")
        assert "signed out" in work.lines[0]
        assert "aws sso login" in work.text
        assert "75 of 100" in work.text
        await work.press("down")
        await work.press("ctrl+r")
        assert "signed out" in work.lines[0]
        assert "75 of 100" in work.text
        home.sandbox.set_faults()
        await work.press("ctrl+r")
        await work.wait_for(lambda: "signed out" not in work.text)
        work.screen(ModelsScreen)


async def test_read_only_is_shown_and_every_writing_call_is_refused(home: Home) -> None:
    async with at_work(home, choice=TargetChoice(sandbox=True, read_only=True)) as work:
        assert "READ-ONLY" in work.lines[0]
        refused = work.session.services.account.launching.attempt({"TrainingJobName": "never"})
        assert (refused.outcome, refused.problem.code if refused.problem else "") == (Outcome.REFUSED, "ReadOnly")
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
            await work.wait_for(f"this terminal has {size[0]} x {size[1]}.")
            assert len([line for line in work.lines if line.strip()]) == 1
        await pilot.resize_terminal(80, 24)
        await work.wait_for("can be fine-tuned")
        assert app.focused is focused is not None


async def test_a_theme_is_shown_while_one_looks_and_kept_when_taken(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    file = tmp_path / "config.yaml"
    file.write_text("# mine\n")
    session_factory = SessionFactory(TargetChoice(sandbox=True), home.paths, Config(), file)
    app = JsftApp(Start(session_factory, background=Background.LIGHT))
    async with app.run_test(size=(80, 24)) as pilot:
        work = Work(app, pilot)
        assert app.theme == "jsft-light"  # auto
        app.action_choose_theme()
        await pilot.pause()
        await work.press("down")
        assert app.theme == "jsft-dark"
        await work.press("escape")
        assert app.theme == "jsft-light"
        assert file.read_text() == "# mine\n"
        app.action_choose_theme()
        await pilot.pause()
        await work.type("contrast")
        await work.press("enter")
        assert app.theme == "jsft-high-contrast"
        assert load_config(file).theme == "high-contrast"
        assert file.read_text().startswith("# mine\n")
        app.post_message(BackgroundAnswered(Background.DARK))  # of interest to auto only
        await work.settle()
        assert app.theme == "jsft-high-contrast"


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

        opened_again = threading.Event()

        def slow_flush(seconds: float = 2.0) -> None:
            del seconds
            assert opened_again.wait(PATIENCE)
            session_factory.heard.append("flushed")

        work.session.drafts.flush = slow_flush  # type: ignore[method-assign]
        app.open_target(session_factory)
        await asyncio.sleep(0)  # its thread has started
        app.open_target(session_factory)
        opened_again.set()
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
