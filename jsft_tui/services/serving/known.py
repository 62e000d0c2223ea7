"""The endpoints that were there when somebody last looked, in a file: a start warns of them without asking AWS."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, replace
from math import isfinite
from pathlib import Path

from jsft_tui.core.account.own_commands import for_target
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.documents import hourly
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.serving.life.known import KnownEndpoint, warning
from jsft_tui.core.serving.traffic import Calls
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.paths import locked, private_folder, write_cache


class KnownEndpoints:
    """What is remembered of one target's endpoints."""

    def __init__(self, file: Path, flags: str = "") -> None:
        """Remember it in a file; `flags` are the options of the command line that lead to the target."""
        self._file, self._flags = file, flags

    def read(self) -> list[KnownEndpoint]:
        """Return what is remembered; nothing where the file cannot be read or is of another version."""
        try:
            return list(map(_parsed, json.loads(self._file.read_bytes())))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return []

    def warning(self, now: float) -> str:
        """Return the line that a start says; empty: there is nothing to warn of."""
        return for_target(warning(self.read(), now), self._flags)

    def learn(
        self, endpoints: Sequence[Endpoint], prices: Mapping[str, Price], calls: Mapping[str, Calls], now: float
    ) -> None:
        """Remember all endpoints of the target, those that cost nothing any more left out.

        What another jsft has added since the list was asked for stays: the list cannot have it.

        Args:
            endpoints: the list.
            prices: of the instance types.
            calls: what each was asked lately, as far as it is known.
            now: when the list was asked for, in epoch seconds.
        """
        with self._alone():
            known, listed = self.read(), {each.name for each in endpoints}
            before = {each.name: each.quiet_since for each in known}
            found = [each for each in known if each.name not in listed and each.added >= now]
            for each in endpoints:
                if not each.status.is_billed:
                    continue
                own = calls.get(each.name)
                quiet = before.get(each.name) if own is None else now - own.quiet(each.created, now)
                found.append(known_of(each, prices, quiet))
            self._write(found)

    def add(self, endpoint: KnownEndpoint, now: float) -> None:
        """Remember one more, which was created now (epoch seconds)."""
        with self._alone():
            added = replace(endpoint, added=now)
            self._write([*(each for each in self.read() if each.name != endpoint.name), added])

    def forget(self, name: str) -> None:
        """Forget one that was deleted."""
        with self._alone():
            known = self.read()
            if any(each.name == name for each in known):
                self._write([each for each in known if each.name != name])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep another jsft from changing the file meanwhile; without a lock it is changed all the same."""
        with ExitStack() as stack:
            with suppress(Problem):
                private_folder(self._file.parent)
                stack.enter_context(locked(self._file))
            yield

    def _write(self, endpoints: Sequence[KnownEndpoint]) -> None:
        if endpoints or self._file.exists():
            write_cache(self._file, json.dumps([asdict(each) for each in endpoints]).encode())


def _parsed(data: Mapping[str, object]) -> KnownEndpoint:
    """Return an endpoint of the file.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is none.
    """
    if not isinstance(name := data["name"], str):
        raise TypeError(name)
    return KnownEndpoint(
        name,
        _number(data.get("usd_per_hour")),
        _number(data.get("expires")),
        _number(data.get("quiet_since")),
        has_schedule=bool(data.get("has_schedule")),
        added=_number(data.get("added")) or 0.0,
    )


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(value)
    return float(value)


def known_of(endpoint: Endpoint, prices: Mapping[str, Price], quiet_since: float | None) -> KnownEndpoint:
    """Return what is remembered of an endpoint as described; without instances it costs nothing while it is idle."""
    quiet = None if endpoint.is_serverless else quiet_since
    cost = hourly(endpoint, prices)
    return KnownEndpoint(endpoint.name, cost, endpoint.expires, quiet, has_schedule=bool(endpoint.schedule))
