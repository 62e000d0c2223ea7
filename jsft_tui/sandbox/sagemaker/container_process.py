"""Start the process of a training container, which never outlives the sandbox."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator

from jsft_tui.sandbox.sagemaker.container import LIFELINE, CannotRun, Command
from jsft_tui.sandbox.sagemaker.processes import signal_group


@contextlib.contextmanager
def spawn(command: Command) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the process in its own session; yield it with the read end of a pipe that carries its output.

    The lifeline is a pipe that nothing is written to: when the sandbox ends for any reason, the kernel closes its
    write end, and a trainer that watches the read end exits. For other programs a watchdog kills the process group.
    """
    lifeline, held = os.pipe()
    printed, printing = os.pipe()
    try:
        process = subprocess.Popen(
            command.arguments,
            cwd=command.folder,
            env={**command.environment, LIFELINE: str(lifeline)},
            stdin=subprocess.DEVNULL,
            stdout=printing,
            stderr=printing,
            start_new_session=True,
            pass_fds=(lifeline,),
        )
    except (OSError, ValueError) as problem:
        os.close(printed)
        os.close(held)
        raise CannotRun(f"the container cannot be started: {problem}") from problem
    else:
        guard = _start_watchdog(process.pid, lifeline)
    finally:
        os.close(lifeline)
        os.close(printing)
    try:
        yield process, printed
    finally:
        if process.poll() is None:
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
        guard.kill()
        guard.wait()
        os.close(held)


def _start_watchdog(group: int, lifeline: int) -> subprocess.Popen[bytes]:
    """Start a shell that waits for the lifeline to close and then kills a process group."""
    program = 'read -r _; kill -s KILL -- "-$0"'
    return subprocess.Popen(
        ["/bin/sh", "-c", program, str(group)],
        env={},
        stdin=lifeline,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
