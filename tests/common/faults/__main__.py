"""`python -m tests.common.faults`: run a sandbox behind a fault proxy; the options are the sandbox's own."""

from __future__ import annotations

from jsft_tui.sandbox.__main__ import leave, main
from jsft_tui.sandbox.http.listener import Application, Listener
from tests.common.faults.proxy import FaultProxy


class ListenerBehindProxy(Listener):
    """The sandbox's listener on a port that nobody knows: the proxy has the one that clients are told."""

    def __init__(self, application: Application, port: int = 0) -> None:
        self._proxy = FaultProxy(port)
        super().__init__(application)

    @property
    def port(self) -> int:
        return self._proxy.port

    def start(self) -> None:
        super().start()
        self._proxy.start(super().port)

    def stop(self) -> None:
        self._proxy.stop()
        super().stop()


if __name__ == "__main__":
    leave(main(listen=ListenerBehindProxy))
