"""No text names a key that is written into it: each takes its key from the table and the person's own keymap."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.screen import Screen
from textual.widgets import Input

from jsft_tui.config import Config
from jsft_tui.tui.keymap.action import Action, ScreenId, key_name, key_word
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.keymap_check import FOCUSED, Kind, check_keymap, own_keys
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.text_pane import TextPane
from tests.tui.driver.pilot import Work
from tests.tui.driver.still import still_app
from tests.tui.driver.worlds import ORDINARY
from tests.tui.screens.every_screen.opened import NEVER_DONE, SCREENS, Shown

PACKAGE = Path(__file__).resolve().parents[3] / "jsft_tui"

KEY = r"(?:[b-zB-HJ-Z0-9/?]|enter|escape|esc|space|left|backspace|delete|comma|ctrl\+\w|\^\w)"
ALONE = re.compile(rf"(?<![\w.\-/'\0{{]){KEY}(?![\w\-/'\0{{=]|\.\w)")
"""A key's name that stands alone in a text; NUL stands for what an f-string fills in."""
IN_CORE = re.compile(r"\b[Pp]ress [^\0]|\bctrl\+\w|(?<!\S)\^[a-z]\b")

OWN_KEYS = ("tui/dialogs", "tui/base/dialog.py", "tui/keymap", "tui/keymap_check.py", "tui/widgets")
"""Where keys are named that nobody can remap: those of dialogs and widgets; and the table itself."""

NO_KEYS = {
    # Verbs, numbers and units.
    "No target is open: sign in and try again, choose a profile, or enter the sandbox.",
    "account ?",
    "? \0",
    "\x1b]9;jsft: \0\x07",
    "Not current, trying again in \0 s: \0",
    "\0 is not unpacked; nothing of it is left in the folder.",
    "\0 left out: \0",
    "The upload to \0 is not done: \0 are left. \0",
    "\0 goes on with what is left.",
    "\0 Trying again in \0 s.",
    "\0 x \0",
    "\0 / \0",
    "3 to 5 min, not billed",
    "checked in \0 s",
    "jsft needs \0 cells, this terminal has \0 x \0.",
    "A sentence, a row of numbers as 1.5,2,3, or a picture's file: what the model was trained for.",
    "A job's name is 1 to 63 letters, digits and hyphens.",
    "1 to 63 letters, digits and hyphens, no hyphen at the ends.",
    "A search takes 1 to 32 letters, digits and hyphens, no hyphen at the ends.",
    "The name is the training job's, and its model lies at <output>/<name>/output/model.tar.gz.",
    "3 to 5 min",
    "The first values come after epoch 1.",
    "SageMaker gives it 2 minutes to save its model.",
    "%H:%M, %d %b",
    "Windows Terminal\\b",
    "iTerm2 (\\d+)\\.(\\d+)\\.(\\d+)",
    "      (_)___ / _| |_      ",
    "Yes: trains in 20 s",
    "Your first model, in 4 keys",
    "First model in 4 keys:  ",
    # Keys of the line that one types into, which nobody can remap.
    "s3://bucket/prefix/, a bucket, or an object; ^u clears it",
    "type to filter; enter searches by prefix",
    "enter searches by prefix; ",
    "clear the filter: \0 and esc",
    "No hyperparameter matches. Clear the search: \0 and esc.",
    ", esc clears",
    "esc  clears the filter",
}


def texts_of(source: str) -> Iterator[str]:
    """The texts of a module that may be shown: no docstrings, bindings or styles."""
    tree = ast.parse(source)
    left_out = {id(node) for part in ast.walk(tree) for node in _not_shown(part)}
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(value) for value in node.values}
            yield "".join(str(value.value) if isinstance(value, ast.Constant) else "\0" for value in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _not_shown(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    is_binding = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Binding"
    is_style = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and "CSS" in node.targets[0].id
    if is_binding or is_style:
        yield from ast.walk(node)


def named_in(source: str) -> list[str]:
    """The texts of a screen's module that name a key by themselves."""
    return [text for text in texts_of(source) if " " in text.strip() and ALONE.search(text) and text not in NO_KEYS]


def test_no_screen_names_a_key_by_itself() -> None:
    paths = sorted((PACKAGE / "tui").rglob("*.py"))
    own = [path for path in paths if not path.relative_to(PACKAGE).as_posix().startswith(OWN_KEYS)]
    assert len(own) > 30
    wrong = {path.name: named for path in own if (named := named_in(path.read_text(encoding="utf-8")))}
    assert not wrong


def test_core_and_services_know_no_keys() -> None:
    paths = [path for layer in ("core", "services", "aws") for path in sorted((PACKAGE / layer).rglob("*.py"))]
    assert len(paths) > 100
    texts = [(path.name, text) for path in paths for text in texts_of(path.read_text(encoding="utf-8"))]
    assert not [(name, text) for name, text in texts if IN_CORE.search(text)]


@pytest.mark.parametrize(
    "text",
    ["5 to review it", "Press r to try again.", "space uses one", "then ctrl+r.", "clear it: / and esc", "(press 1)"],
)
def test_a_key_in_a_text_is_found(text: str) -> None:
    assert named_in(f"say({text!r})") == [text]
    assert named_in(f"say(f'{{name}}: {text}')") == [f"\0: {text}"]


# On the screens


def _other_keys() -> dict[str, str]:
    """Every action with keys on a key that no other action of its screen has: letters that no text here has."""
    letters = "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
    everywhere = [action.id for action in BY_SCREEN[ScreenId.ANYWHERE] if action.keys and not action.over_all]
    keys = dict(zip(everywhere, letters, strict=False))
    for where, actions in BY_SCREEN.items():
        if where is not ScreenId.ANYWHERE:
            ids = [action.id for action in actions if action.keys]
            taken = {keys[name] for name in ids if name in keys}  # the actions on a job are those of two screens
            free = (letter for letter in letters[len(everywhere) :] if letter not in taken)
            keys |= dict(zip((name for name in ids if name not in keys), free, strict=False))
    over_all = [action.id for action in BY_SCREEN[ScreenId.ANYWHERE] if action.over_all]
    return keys | dict(zip(over_all, ("f7", "f8", "f9"), strict=True))


OTHER_KEYS = _other_keys()
BY_KEY = {(where, key): action.id for where, actions in BY_SCREEN.items() for action in actions for key in action.keys}
FOLLOWS = (
    r"(?:to(?! \d)|for|in|there|goes|stops|checks|opens|uses|trains|lists|asks|shows|chooses|changes|turns|follows)"
)
"""What stands behind a key in a sentence."""


def names_of(action: Action) -> set[str]:
    """What the action's default keys are called; those that lists and lines have for themselves, too, are left out."""
    names = {name for key in action.keys for name in (key_name(key), key_word(key))}
    return names - {"enter", "esc"}


def old_keys(text: str, where: ScreenId) -> list[str]:
    """The places in a screen's text that name a key which an action had before."""
    found = []
    for action in (*BY_SCREEN[where], *BY_SCREEN[ScreenId.ANYWHERE]):
        for name in map(re.escape, names_of(action)):
            said = rf"[Pp]ress {name}\b|\(press {name}\)|(?<!\S){name} {re.escape(action.label)}(?!\w)"
            if name != "a":  # the article
                said += rf"|(?<!\S)(?<!of ){name} {FOLLOWS}\b(?! fix\b)"  # 0 of 2 in use, 2 to fix
            found += re.findall(said, text)
    titles = [where.title for where in ScreenId]
    return found + re.findall(rf"(?<!\S)\d (?:{'|'.join(titles)}|Model|Hyperparams|Endpoints)\b", text)


def screen_text(work: Work) -> str:
    """All that the shown screen says, also what has no room."""
    screen = work.app.screen
    panes = [pane.text for pane in screen.query(TextPane)]
    messages = [table.message for table in screen.query(VirtualTable)]
    return "\n".join([*work.lines, *panes, *messages])


def remapped(shown: Shown) -> list[str]:
    """The keys that lead to a screen, as they are in `OTHER_KEYS`."""
    where, keys = ScreenId.MODELS, []
    for key in shown.keys:
        action = BY_KEY.get((where, key)) or BY_KEY.get((ScreenId.ANYWHERE, key), "")
        keys.append(OTHER_KEYS[action] if action else key)  # those of a table are nobody's to change
        named = action.removeprefix("go_")
        where = ScreenId(named) if named in {each.value for each in ScreenId} else where
    return keys


def where_of(shown: Shown) -> ScreenId:
    """The screen of the walk."""
    return ScreenId(shown.name)


def with_own_keys(screen: Screen[None]) -> set[Kind]:
    """The classes whose bindings get a key before the screen does, lines to type into apart."""
    found = set()
    for widget in screen.query("*"):
        if widget.can_focus and not isinstance(widget, Input):
            nodes = [node for node in widget.ancestors_with_self if node is not screen and node is not screen.app]
            kinds = {kind for node in nodes for kind in type(node).__mro__}
            found |= {kind for kind in kinds if kind.__module__.startswith("jsft_tui") and own_keys(kind)}
    return found


@pytest.mark.parametrize("shown", SCREENS, ids=lambda shown: shown.name)
async def test_no_screen_names_a_key_that_was_given_away(shown: Shown, tmp_path: Path) -> None:
    app = still_app(ORDINARY if shown.signed_in else None, tmp_path, config=Config(keys=OTHER_KEYS))
    async with app.run_test(size=(170, 50)) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None or app.problem is not None)
        await work.settle()
        await shown.press(work, *remapped(shown))
        screen = work.app.work_screen
        assert screen is not None
        assert screen.WHERE is where_of(shown)
        await work.settle(*NEVER_DONE)
        text = screen_text(work)
        assert not old_keys(text, screen.WHERE)
        assert not shown.signed_in or f"{OTHER_KEYS['go_data']} Data" in text
        assert with_own_keys(screen) <= set(FOCUSED[screen.WHERE])


@pytest.mark.parametrize("shown", [SCREENS[1], SCREENS[4]], ids=lambda shown: shown.name)
async def test_the_names_that_are_looked_for_are_those_that_are_shown(shown: Shown, tmp_path: Path) -> None:
    app = shown.app(ORDINARY, tmp_path)
    async with app.run_test(size=(170, 50)) as pilot:
        work = Work(app, pilot)
        await shown.open(work)
        found = old_keys(screen_text(work), where_of(shown))
        assert "1 Model" in found
        assert len(found) > len("1234567")


def test_every_action_can_be_given_another_key() -> None:
    assert len(OTHER_KEYS) >= 100
    check_keymap(OTHER_KEYS, Path("config.yaml"))
