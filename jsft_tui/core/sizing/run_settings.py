"""How the instances of a run are used: number, time limits, spot, disk, warm pool."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.durations import duration_words
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.choice import disk_text, fixed_disk, with_type


class Setting(Enum):
    """A setting, by its label."""

    COUNT = "instances"
    MAX_RUNTIME = "stop after"
    SPOT = "spot"
    DISK = "disk"
    KEEP_WARM = "keep warm"


@dataclass(frozen=True)
class SettingValue:
    """A setting of a run.

    Attributes:
        setting: which one.
        value: what the run has.
        note: what it means or why it is so; empty if the value says it.
    """

    setting: Setting
    value: str
    note: str = ""


def run_settings(run: Run, type_: str, spec: ModelSpec | None) -> tuple[SettingValue, ...]:
    """Return the settings of a run on an instance type."""
    choice = run.instance
    waits = ""
    if choice.spot and choice.max_wait:
        waits = f"with waiting {duration_words(choice.max_wait)}"
    disk = disk_text(with_type(run, type_), spec)
    is_fixed = bool(fixed_disk(type_))
    return (
        SettingValue(Setting.COUNT, str(choice.count)),
        SettingValue(Setting.MAX_RUNTIME, duration_words(choice.max_runtime), waits),
        SettingValue(Setting.SPOT, "on" if choice.spot else "off", "cheaper, may restart"),
        SettingValue(Setting.DISK, disk.removesuffix(" NVMe"), "fixed: NVMe" if is_fixed else ""),
        SettingValue(Setting.KEEP_WARM, duration_words(choice.keep_alive) if choice.keep_alive else "off"),
    )
