"""The target's options in the commands that a text names: what is copied runs where the text is about."""

from __future__ import annotations

import re

from jsft_tui.core.common.remedy import filled

COMMANDS = (
    *("models", "model", "instances", "groups", "s3", "lint", "convert"),
    *("plan", "check", "launch", "export", "clone"),
    *("tunings", "tuning"),
    *("deploy", "try", "endpoints", "endpoint", "teardown", "transform", "transforms"),
    *("jobs", "job", "logs", "stop", "download", "compare", "doctor"),
)
"""The commands that have a target, in the order of use: all but `sandbox` and `demo`."""

# Not a sentence about jsft (`jsft cannot deploy it`), and not a command that names its target.
_COMMAND = re.compile(rf"\bjsft (?=(?:{'|'.join(COMMANDS)})\b)(?![^.;:,\n]* --(?:sandbox|profile|region)\b)")


def for_target(text: str, flags: str) -> str:
    """Add the options of a target to every command in a text.

    Args:
        text: a sentence or a remedy, whose own command stays for the screens.
        flags: the options as a shell reads them: `--sandbox`; empty: there are none.
    """
    return filled(text, lambda part: _COMMAND.sub(lambda _: f"jsft {flags} ", part)) if flags else text
