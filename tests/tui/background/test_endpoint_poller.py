"""The poller of the endpoints, without an interface."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from jsft_tui.core.common.errors import Problem
from jsft_tui.services.serving.endpoint_list import EndpointListState
from jsft_tui.services.session.session import Session
from jsft_tui.tui.background.endpoint_poller import EndpointPoller
from jsft_tui.tui.base.app_base import BaseApp


class StillApp:
    """Starts nothing by itself."""

    work_screen = None

    def __init__(self) -> None:
        self.started: list[Any] = []

    def start(self, group: str, flow: Any) -> None:
        self.started.append(flow)

    def cancel(self, *groups: str) -> None:
        """Nothing runs."""

    async def call_with_progress(self, *_: object) -> None:
        raise Problem("Unreachable", "no connection.")


def _session() -> Session:
    store = SimpleNamespace(state=EndpointListState(), pause=lambda is_shown: None)
    return cast(Session, SimpleNamespace(endpoint_list=store))


async def test_what_happened_before_another_target_was_opened_is_not_asked_for_there() -> None:
    app = StillApp()
    poller = EndpointPoller(cast(BaseApp, app))
    poller.start(_session())
    poller.ask_now()  # something happened while it asks
    poller.start(_session())
    assert len(app.started) == 2
    await app.started[-1]()
    assert len(app.started) == 2
    poller.ask_now()
    assert len(app.started) == 3
