"""Which action goes where a missing part of a draft is chosen."""

from __future__ import annotations

from jsft_tui.core.run.draft import Part

CHOOSE = {
    Part.MODEL: "go_models",
    Part.DATA: "go_data",
    Part.OUTPUT: "go_data",
    Part.INSTANCE: "go_instance",
}
"""Part of a draft -> the action."""
