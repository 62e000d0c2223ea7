"""Ids that actions had in earlier versions: keymaps with them are accepted."""

from __future__ import annotations

from collections.abc import Mapping

RENAMED = {
    "facet_task": "facets",
    "facet_framework": "facets",
    "card": "zoom",
    "panes": "zoom",
    "stop_this": "stop_job",
    "clone_this": "clone_job",
    "download_this": "download_job",
    "go_on": "continue_job",
    "go_on_this": "continue_job",
    "peek_this": "peek_model",
    "try_this": "try_model",
}
"""Former id of an action -> its id."""


def with_current_ids(keymap: Mapping[str, str]) -> dict[str, str]:
    """Return a keymap with the former ids of actions replaced; an entry of the current id goes first."""
    former = {RENAMED[name]: keys for name, keys in keymap.items() if name in RENAMED}
    return {**former, **{name: keys for name, keys in keymap.items() if name not in RENAMED}}


def renamed_actions(keymap: Mapping[str, str]) -> str:
    """Return a sentence that names the former ids in a keymap and what to write instead; empty without any."""
    renamed = ", ".join(f"{name} is now {RENAMED[name]}" for name in keymap if name in RENAMED)
    return f"Update the keys in your settings: {renamed}." if renamed else ""
