"""Options that name a recipe: `--technique`, `--adapter`, `--sequence-length`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.errors import usage
from jsft_tui.core.customization.customization import Customization

F = TypeVar("F", bound=Callable[..., Any])


def recipe_options(command: F) -> F:
    """Add the options."""
    options = (
        click.option("--technique", metavar="NAME", help="Customize by a recipe: SFT, DPO, RLVR, RLAIF."),
        click.option("--adapter", metavar="KIND", help="LoRA (default), or full for all weights."),
        click.option("--sequence-length", default="", metavar="LENGTH", help="A recipe of this length, such as 4K."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def technique_of(word: str) -> Technique:
    """Return the technique for a typed word.

    Raises:
        Problem: there is no such technique (code `UnknownTechnique`).
    """
    found = Technique.find(word)
    if found is None:
        known = ", ".join(f"{each.value} ({each.title})" for each in Technique)
        raise usage("UnknownTechnique", f"there is no technique {word!r}.", f"Known: {known}.")
    return found


def customization_of(technique: str | None, adapter: str | None, sequence_length: str) -> Customization | None:
    """Return the customization that the options name; None without any of them.

    Raises:
        Problem: an unknown technique or adapter (`UnknownTechnique`, `UnknownAdapter`).
    """
    if technique is None and adapter is None and not sequence_length:
        return None
    found = Adapter.find(adapter or Adapter.LORA.value)
    if found is None:
        known = ", ".join(each.value for each in Adapter)
        raise usage("UnknownAdapter", f"there is no adapter {adapter!r}.", f"Known: {known}.")
    return Customization(technique_of(technique or Technique.SFT.value), found, sequence_length)
