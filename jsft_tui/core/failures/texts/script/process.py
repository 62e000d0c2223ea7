"""List the texts about how the training process ended: signals and exit codes.

Exit code 128 + n, or -n as Python's subprocess writes it, means signal n (bash manual, "Exit Status").
"""

from __future__ import annotations

from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import Origin

_ORIGINS = frozenset({Origin.SCRIPT, Origin.UNKNOWN})


def _ended_by(signal: int, name: str) -> str:
    code = rf"(?:exit ?(?:code|status)|return ?code)\s*[:=]?\s*(?:{128 + signal}|-{signal})\b"
    return rf"{code}|\b{name}\b|signal:? {signal}\b"


PATTERNS = (
    # Bash manual, "Exit Status": 127 for a command that is not found, 126 for one that cannot be executed.
    known(
        r"(?:exit ?(?:code|status)|return ?code)\s*[:=]?\s*12[67]\b",
        "NoCommand",
        "The command that starts the training does not exist in the image, or cannot be executed (exit code 126, 127).",
        "Choose another version of the model: its image and its script belong together.",
        origins=_ORIGINS,
    ),
    known(
        _ended_by(7, "SIGBUS"),
        "SharedMemory",
        "The data loader ran out of shared memory (bus error), or one of its processes ended.",
        "Use fewer data loader workers or a smaller batch, or choose an instance type with more memory.",
        FixKind.MORE_MEMORY,
        FixKind.HALVE_BATCH,
        origins=_ORIGINS,
    ),
    known(
        r"segmentation fault|segfault|" + _ended_by(11, "SIGSEGV"),
        "Segfault",
        "The training process crashed in native code (segmentation fault, exit code 139); its log says no more.",
        "Most often memory ran out or the GPU does not fit the image: choose another listed instance type, or another "
        "version of the model.",
        origins=_ORIGINS,
    ),
    known(
        r"illegal instruction \(core|" + _ended_by(4, "SIGILL"),
        "IllegalCode",
        "The training image uses processor instructions that this instance type does not have.",
        "Choose an instance type that the model lists.",
        origins=_ORIGINS,
    ),
    known(
        r"Aborted \(core dumped\)|" + _ended_by(6, "SIGABRT"),
        "Aborted",
        "A native library aborted the training process (exit code 134).",
        "Read the lines before the end of its log: the library names the reason there.",
        origins=_ORIGINS,
    ),
    known(
        _ended_by(15, "SIGTERM") + r"|[Ss]pot[^\n]{0,60}(?:interrupt|reclaim)\w*",
        "Terminated",
        "The training process was told to end (SIGTERM): the job was stopped, or the instance was taken back.",
        "Clone the job and launch it again if nobody stopped it.",
        origins=_ORIGINS,
    ),
)
