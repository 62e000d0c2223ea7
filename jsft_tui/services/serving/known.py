"""The endpoints that were there when somebody last looked, in a file: a start warns of them without asking AWS."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from jsft_tui.core.account.own_commands import for_target
from jsft_tui.core.serving.documents import hourly
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.serving.life.known import KnownEndpoint, warning
from jsft_tui.core.serving.traffic import Calls
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.paths import write_cache


class KnownEndpoints:
    """What is remembered of one target's endpoints."""

    def __init__(self, file: Path, flags: str = "") -> None:
        """Remember it in a file; `flags` are the options of the command line that lead to the target."""
        self._file, self._flags = file, flags

    def read(self) -> list[KnownEndpoint]:
        """Return what is remembered; nothing where the file cannot be read or is of another version."""
        try:
            return [KnownEndpoint(**each) for each in json.loads(self._file.read_bytes())]
        except (OSError, ValueError, TypeError):
            return []

    def warning(self, now: float) -> str:
        """Return the line that a start says; empty: there is nothing to warn of."""
        return for_target(warning(self.read(), now), self._flags)

    def learn(
        self, endpoints: Sequence[Endpoint], prices: Mapping[str, Price], calls: Mapping[str, Calls], now: float
    ) -> None:
        """Remember all endpoints of the target, those that cost nothing any more left out."""
        before = {each.name: each.quiet_since for each in self.read()}
        found = []
        for each in endpoints:
            if not each.status.is_billed:
                continue
            own = calls.get(each.name)
            quiet = before.get(each.name) if own is None else now - own.quiet(each.created, now)
            found.append(known_of(each, prices, quiet))
        self._write(found)

    def add(self, endpoint: KnownEndpoint) -> None:
        """Remember one more."""
        self._write([*(each for each in self.read() if each.name != endpoint.name), endpoint])

    def forget(self, name: str) -> None:
        """Forget one that was deleted."""
        known = self.read()
        if any(each.name == name for each in known):
            self._write([each for each in known if each.name != name])

    def _write(self, endpoints: Sequence[KnownEndpoint]) -> None:
        if endpoints or self._file.exists():
            write_cache(self._file, json.dumps([asdict(each) for each in endpoints]).encode())


def known_of(endpoint: Endpoint, prices: Mapping[str, Price], quiet_since: float | None) -> KnownEndpoint:
    """Return what is remembered of an endpoint as described; without instances it costs nothing while it is idle."""
    quiet = None if endpoint.is_serverless else quiet_since
    cost = hourly(endpoint, prices)
    return KnownEndpoint(endpoint.name, cost, endpoint.expires, quiet, has_schedule=bool(endpoint.schedule))
