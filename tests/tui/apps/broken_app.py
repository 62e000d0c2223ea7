"""The sample with a Textual whose private parts have other shapes: `python -m tests.tui.apps.broken_app chops`."""

from __future__ import annotations

import sys
from typing import Any

from textual._compositor import ChopsUpdate

from tests.tui.apps.sample_app import ThriftSample


class OtherWriter(ThriftSample):
    def _writer_is_busy(self) -> bool:
        raise AttributeError("'WriterThread' object has no attribute '_queue'")


class OtherChops(ThriftSample):
    def _paint(self, update: Any) -> None:
        if isinstance(update, ChopsUpdate):
            raise AttributeError("'ChopsUpdate' object has no attribute 'spans'")
        super()._paint(update)


if __name__ == "__main__":
    app = OtherWriter() if sys.argv[1] == "writer" else OtherChops()
    app.run(mouse=False)
