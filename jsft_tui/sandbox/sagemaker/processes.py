"""Processes of training jobs: who they are, whether they still live, and ending a whole group."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class ProcessIdentity:
    """A process that cannot be mistaken for a later one with the same number.

    Attributes:
        pid: process id, which is the id of its process group too (jobs start their own session).
        started: when it started, as the operating system words it.
    """

    pid: int
    started: str

    def is_alive(self) -> bool:
        """Whether this very process still exists."""
        return start_time(self.pid) == self.started


def identify_process(pid: int) -> ProcessIdentity | None:
    """The mark of a living process; None when there is none."""
    started = start_time(pid)
    return None if started is None else ProcessIdentity(pid, started)


def start_time(pid: int) -> str | None:
    """When a process started: clock ticks since boot (Linux), else what `ps` prints; None without process."""
    if PROC.joinpath("self/stat").exists():
        fields = _stat_fields(pid)
        # A zombie only waits for its parent to look: it has ended.
        return None if fields is None or fields[0] == "Z" else fields[19]
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to every process of the group; nothing happens when all have ended."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        # PermissionError: macOS says so for a group that has only zombies left.
        return


@dataclass(frozen=True)
class GroupUsage:
    """What a process group uses.

    Attributes:
        cpu_seconds: processor time of its living members so far.
        resident_bytes: memory they hold.
    """

    cpu_seconds: float
    resident_bytes: int


def group_usage(pid: int) -> GroupUsage | None:
    """What a process group uses; None where the system has no `/proc`."""
    if not PROC.joinpath("self/stat").exists():
        return None
    ticks, pages = 0, 0
    for folder in PROC.iterdir():
        fields = _stat_fields(int(folder.name)) if folder.name.isdigit() else None
        if fields is not None and int(fields[2]) == pid:
            ticks += int(fields[11]) + int(fields[12])
            pages += int(fields[21])
    return GroupUsage(ticks / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE"))


def total_memory() -> int:
    """Bytes of physical memory."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _stat_fields(pid: int) -> list[str] | None:
    """The fields of `/proc/PID/stat` after the command name (proc(5): state is the first of them)."""
    try:
        text = PROC.joinpath(str(pid), "stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()
