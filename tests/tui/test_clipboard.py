"""What is sent to the terminal's clipboard cannot run anything when it is pasted into a shell."""

from __future__ import annotations

import base64
from unittest.mock import patch

import pytest

from jsft_tui.tui.base.app_base import BaseApp
from tests.common.hostile import HOSTILE, OBEYED


class Bare(BaseApp):
    """An app without screens."""


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_control_and_no_end_of_a_line_reaches_the_clipboard(text: str) -> None:
    app = Bare()
    async with app.run_test():
        assert app._driver is not None
        with patch.object(app._driver, "write") as write:
            app.copy_to_clipboard(f"{text}\n\r\n")

    [(sequence,)] = [call.args for call in write.call_args_list if "]52;" in call.args[0]]
    sent = base64.b64decode(sequence.split(";")[2].rstrip("\a")).decode("utf-8")
    assert sent == app.clipboard
    assert not OBEYED.search(sent)
    assert not sent.endswith("\n")
