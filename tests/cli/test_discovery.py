"""Commands are found by their files; their summaries are those of the commands themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import click.testing
import pytest

from jsft_tui.cli import commands, discovery
from jsft_tui.cli.discovery import ORDER, find_commands, load_command, summary
from jsft_tui.cli.group import cli

COMMANDS = find_commands()
LIMIT = 65


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_named_as_its_file_and_its_summary_is_its_short_help(name: str) -> None:
    command = load_command(COMMANDS[name])

    assert command.name == name
    assert summary(COMMANDS[name], LIMIT) == command.get_short_help_str(LIMIT)
    assert summary(COMMANDS[name], LIMIT).endswith("."), "too long for the list"
    assert not summary(COMMANDS[name], LIMIT).endswith("..."), "too long for the list"


def test_the_order_names_no_command_that_is_gone() -> None:
    assert [name for name in COMMANDS if name in ORDER] == list(ORDER)


def test_a_command_that_the_order_does_not_name_comes_after_those_of_its_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(discovery, "ORDER", tuple(name for name in ORDER if name != "stop"))
    assert list(find_commands())[-5:] == ["compare", "stop", "sandbox", "doctor", "demo"]


def test_a_new_file_is_a_new_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "extra"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "hello.py").write_text(
        'import click\n\n@click.command("hello")\ndef command():\n    """Greet. And more."""\n    click.echo("hi")\n'
    )
    monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(tmp_path)])

    found = find_commands()

    assert list(found)[-1] == "hello"
    assert summary(found["hello"], LIMIT) == "Greet."
    assert isinstance(load_command(found["hello"]), click.Command)


def test_help_lists_every_command() -> None:
    text = click.testing.CliRunner().invoke(cli, ["--help"]).output

    for name, module in COMMANDS.items():
        assert any(line.split()[:1] == [name] and summary(module, LIMIT) in line for line in text.splitlines()), name


def imported_by(arguments: list[str]) -> set[str]:
    """The command modules that a fresh process imports for a command line."""
    code = (
        f"import sys\nfrom jsft_tui.cli.app import run\nrun({arguments!r})\n"
        "print('MODULES', *(name for name in sys.modules if name.startswith('jsft_tui.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("MODULES"))
    return set(line.split()[1:])


def test_help_imports_no_command_and_no_service() -> None:
    loaded = imported_by(["--help"])

    assert not loaded & set(COMMANDS.values())
    assert not any(name.startswith("jsft_tui.services") for name in loaded)


def test_a_command_imports_no_other_command() -> None:
    assert imported_by(["jobs", "--help"]) & set(COMMANDS.values()) == {COMMANDS["jobs"]}
