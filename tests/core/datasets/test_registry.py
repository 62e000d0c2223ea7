"""Data formats are found in the folder: adding one is adding a file."""

from __future__ import annotations

import pytest

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.registry import data_format, data_formats
from tests.common.dropped_modules import DropModule
from tests.core.datasets.examples import assert_finds, report


def test_a_module_in_the_folder_is_a_data_format(drop_module: DropModule) -> None:
    drop_module(
        "jsft_tui.core.datasets.text",
        "translation",
        """
        from jsft_tui.core.catalog.task import Task
        from jsft_tui.core.datasets.base.data_format import DataFormat
        from jsft_tui.core.datasets.base.reader import block

        FORMAT = DataFormat(Task.TRANSLATION, "Pairs.", (), lambda data, question: iter([block("", "no pairs.")]))
        """,
        data_formats,
    )
    assert data_format(Task.TRANSLATION).summary == "Pairs."
    assert_finds(report(Task.TRANSLATION, {"a.txt": b"x"}), Level.BLOCK, "no pairs.")


def test_a_module_whose_format_is_no_data_format_is_an_error(drop_module: DropModule) -> None:
    drop_module("jsft_tui.core.datasets.text", "translation", "FORMAT = 'text'", data_formats)
    with pytest.raises(TypeError, match=r"datasets\.text\.translation\.FORMAT is not a DataFormat"):
        data_formats()
