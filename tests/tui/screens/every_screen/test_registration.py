"""A screen is the module `screen` in the folder of its name: the app finds it there."""

from __future__ import annotations

import pkgutil
import sys
from pathlib import Path

import pytest
from textual.screen import Screen

from jsft_tui.tui import screens
from jsft_tui.tui.application.app import JsftApp
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.keymap.actions import action_modules
from jsft_tui.tui.screens.imports import screen_factory
from tests.tui.driver.still import still_app
from tests.tui.driver.worlds import ORDINARY

NAMES = sorted(where.value for where in ScreenId if where is not ScreenId.ANYWHERE)


def test_every_folder_of_a_screen_has_its_id_and_every_id_its_folder() -> None:
    assert sorted(found.name for found in pkgutil.iter_modules(screens.__path__) if found.ispkg) == NAMES
    assert sorted(JsftApp.SCREENS) == NAMES


def test_every_id_has_a_module_of_actions_and_every_module_its_id() -> None:
    assert sorted(action_modules()) == sorted(where.value for where in ScreenId)


@pytest.mark.parametrize("where", [where for where in ScreenId if where is not ScreenId.ANYWHERE])
async def test_each_is_made_from_its_folder(where: ScreenId, tmp_path: Path) -> None:
    async with still_app(ORDINARY, tmp_path).run_test():
        made = screen_factory(where)()
    assert isinstance(made, Screen)
    assert type(made).__module__ == f"jsft_tui.tui.screens.{where.value}.screen"
    assert getattr(made, "WHERE", None) is where


def test_a_file_in_the_folder_of_an_id_is_the_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "compare"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "screen.py").write_text("class CompareScreen:\n    pass\n")
    monkeypatch.setattr(screens, "__path__", [str(tmp_path), *screens.__path__])
    for name in [name for name in sys.modules if name.startswith("jsft_tui.tui.screens.compare")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(screens, "compare", raising=False)

    made = screen_factory(ScreenId.COMPARE)()

    assert type(made).__qualname__ == "CompareScreen"
    assert sys.modules[type(made).__module__].__file__ == str(folder / "screen.py")
    for name in [name for name in sys.modules if name.startswith("jsft_tui.tui.screens.compare")]:
        del sys.modules[name]
    vars(screens).pop("compare")
