"""Find the commands of `jsft`: each module in a folder of `cli/commands` is one, and exposes it as `command`.

A command is named as its file; an underscore at the end keeps a file from being a keyword (`try_`). Names and summaries
come from the sources: to import all commands for `jsft --help` would take three times as long.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from importlib.abc import InspectLoader
from importlib.util import find_spec

import click

from jsft_tui.cli import commands

ORDER = (
    *("models", "model", "instances", "groups", "s3", "lint", "convert"),
    *("plan", "check", "launch", "export", "clone"),
    *("tunings", "tuning"),
    *("deploy", "try", "endpoints", "endpoint", "teardown", "transform", "transforms"),
    *("jobs", "job", "logs", "stop", "download", "compare"),
    *("sandbox", "doctor", "demo"),
)
"""The order of `jsft --help`: the order of use. A command that is not named here comes after those of its folder."""


def find_commands() -> dict[str, str]:
    """Return command -> module, in the order of `--help`."""
    found = {}
    for folder in pkgutil.iter_modules(commands.__path__, f"{commands.__name__}."):
        spec = find_spec(folder.name)
        for module in pkgutil.iter_modules(spec.submodule_search_locations if spec else None, f"{folder.name}."):
            found[module.name.rpartition(".")[2].rstrip("_")] = module.name
    places = {name: place for place, name in enumerate(ORDER)}
    last_of = {_folder(found[name]): place for name, place in places.items() if name in found}

    def position(name: str) -> tuple[float, str]:
        after_its_folder = last_of.get(_folder(found[name]), len(ORDER)) + 0.5
        return places.get(name, after_its_folder), name

    return {name: found[name] for name in sorted(found, key=position)}


def _folder(module: str) -> str:
    return module.rpartition(".")[0]


def load_command(module: str) -> click.Command:
    """Import a command."""
    command: click.Command = importlib.import_module(module).command
    return command


def summary(module: str, limit: int) -> str:
    """Return the short help of a command that is not imported, as click makes it of the docstring of `command`.

    Args:
        module: the command's module.
        limit: characters at most.
    """
    for node in ast.parse(_source(module)).body:
        if isinstance(node, ast.FunctionDef) and node.name == "command":
            return click.Command(None, help=ast.get_docstring(node)).get_short_help_str(limit)
    return ""


def _source(module: str) -> str:
    spec = find_spec(module)
    loader = spec.loader if spec else None
    return (loader.get_source(module) or "") if isinstance(loader, InspectLoader) else ""
