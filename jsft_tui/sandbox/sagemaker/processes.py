"""Identify, measure and signal the processes of training jobs."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class ProcessIdentity:
    """Identity of a process, which distinguishes it from a later one with the same process ID.

    Attributes:
        pid: process id, which is the id of its process group too (jobs start their own session).
        started: its start time, in the operating system's format.
    """

    pid: int
    started: str

    def is_alive(self) -> bool:
        """Return whether this very process still exists."""
        return start_time(self.pid) == self.started


def identify_process(pid: int) -> ProcessIdentity | None:
    """Return the identity of a running process; None if there is none."""
    started = start_time(pid)
    return None if started is None else ProcessIdentity(pid, started)


def start_time(pid: int) -> str | None:
    """Return a process's start time: clock ticks since boot (Linux) or the output of `ps`; None if it has ended."""
    if PROC.joinpath("self/stat").exists():
        fields = _stat_fields(pid)
        # A zombie has ended and only waits to be reaped by its parent.
        return None if fields is None or fields[0] == "Z" else fields[19]
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to every process of the group, if any is still running."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        # PermissionError: macOS raises it for a group that has only zombies left.
        return


@dataclass(frozen=True)
class GroupUsage:
    """Resource usage of a process group.

    Attributes:
        cpu_seconds: CPU time of its running members so far.
        resident_bytes: their resident memory.
    """

    cpu_seconds: float
    resident_bytes: int


def group_usage(pid: int) -> GroupUsage | None:
    """Return the resource usage of a process group; None where the system has no `/proc`."""
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
    """Return the bytes of physical memory."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _stat_fields(pid: int) -> list[str] | None:
    """Return the fields of `/proc/PID/stat` after the command name (proc(5): the first is the state)."""
    try:
        text = PROC.joinpath(str(pid), "stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()
