"""Endpoints and what was left behind, in the groups of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jsft_tui.core.common.text import clean
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.serving.teardown import CONFIG, MODEL, Leftovers


@dataclass(frozen=True)
class Leftover:
    """A configuration or a model that no endpoint uses."""

    kind: str
    name: str


Listed = Endpoint | Leftover


@dataclass(frozen=True)
class EndpointGroup:
    """Rows that belong together; a title only where there are several groups."""

    title: str
    rows: tuple[Listed, ...]


def endpoint_groups(endpoints: Iterable[Endpoint], leftovers: Leftovers | None) -> list[EndpointGroup]:
    """Return those that jsft made, the others, and what was left behind; groups without rows are left out."""
    listed = tuple(endpoints)
    behind = leftovers or Leftovers()
    left = [*(Leftover(CONFIG, name) for name in behind.configs), *(Leftover(MODEL, name) for name in behind.models)]
    groups = (
        EndpointGroup("Made with jsft", tuple(each for each in listed if each.is_ours)),
        EndpointGroup("Others", tuple(each for each in listed if not each.is_ours)),
        EndpointGroup("Left behind", tuple(left)),
    )
    return [group for group in groups if group.rows]


def fitting(endpoints: Iterable[Endpoint], words: str) -> tuple[Endpoint, ...]:
    """Return the endpoints whose name, job, model, status or instances contain all the words."""
    wanted = words.lower().split()

    def text(each: Endpoint) -> str:
        parts = (each.name, each.job, each.model_id, each.status.value, *each.instances)
        return clean(" ".join(parts)).lower()

    return tuple(each for each in endpoints if all(word in text(each) for word in wanted))


def fitting_leftovers(leftovers: Leftovers | None, words: str) -> Leftovers | None:
    """Return the leftovers whose kind and name contain all the words; None where none are known."""
    if leftovers is None:
        return None
    wanted = words.lower().split()

    def kept(kind: str, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if all(word in f"{kind} {name}".lower() for word in wanted))

    return Leftovers(kept(CONFIG, leftovers.configs), kept(MODEL, leftovers.models))
