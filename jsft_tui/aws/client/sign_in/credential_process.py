"""Run the `credential_process` of a profile without the terminal, and judge what it prints.

botocore runs it with our terminal as its input, so that a program that asks for a password reads the keys that are
meant for jsft, and lets what Python raises for its mistakes pass through (botocore, `ProcessProvider`).
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean, redact

DEADLINE = 120.0
"""Seconds. Long enough for a person to confirm on a phone or in a browser."""
MOST_SAID = 300
"""Characters of the program's own words in a message."""


@dataclass(frozen=True)
class Ended:
    """A process that has ended, as `ProcessProvider` asks for it."""

    stdout: bytes
    stderr: bytes
    returncode: int = 0

    def communicate(self) -> tuple[bytes, bytes]:
        """Return what it printed."""
        return self.stdout, self.stderr


def process_runner(profile: str, config_file: str, deadline: float = DEADLINE) -> Callable[..., Ended]:
    """Return a function to run the program of a profile with, in place of `subprocess.Popen`.

    Raises:
        Problem: by that function: the program cannot be run, fails, takes too long, or prints something else than
            the document that the AWS SDKs expect (code `SignInFailed`).
    """

    def run(words: Sequence[str], **_: Any) -> Ended:
        program = _Program(tuple(words), profile, config_file)
        ended = program.run(deadline)
        program.judge(ended)
        return ended

    return run


@dataclass(frozen=True)
class _Program:
    """The program of a profile."""

    words: tuple[str, ...]
    profile: str
    config_file: str

    def run(self, deadline: float) -> Ended:
        if not self.words:
            raise self._problem("its credential_process is empty.")
        try:
            # A session of its own has no terminal: what asks there fails at once instead of waiting unseen.
            process = subprocess.Popen(
                self.words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise self._cannot_run(error) from error
        kill = _killer(process)
        atexit.register(kill)
        try:
            stdout, stderr = process.communicate(timeout=deadline)
        except subprocess.TimeoutExpired:
            kill()
            raise self._too_slow(deadline, process.communicate()[1]) from None
        except BaseException:
            kill()
            raise
        finally:
            atexit.unregister(kill)
        return Ended(stdout, stderr, process.returncode)

    def judge(self, ended: Ended) -> None:
        if ended.returncode != 0:
            said = _said(ended.stderr)
            reason = f"says: {said}" if said else f"ended with exit code {ended.returncode} and said nothing."
            raise self._problem(f"its credential_process {reason}", "Do what it says, or run it yourself")
        document = self._document(ended)
        if document.get("Version") != 1:
            raise self._problem(f"its credential_process prints Version {document.get('Version')!r} instead of 1.")
        for name in ("AccessKeyId", "SecretAccessKey"):
            if not isinstance(document.get(name), str) or not document[name]:
                raise self._problem(f"its credential_process prints no {name}.")
        if document.get("Expiration") is not None:
            self._judge_end(document["Expiration"])

    def _judge_end(self, said: object) -> None:
        from botocore.credentials import parse  # what botocore reads it with

        try:
            ends = parse(said)
        except (ValueError, TypeError, OverflowError):
            ends = None
        if ends is None or ends.tzinfo is None:
            what = f"an Expiration that is no time with a time zone: {clean(str(said))!r}"
            raise self._problem(f"its credential_process prints {what}.")
        if ends <= datetime.now(UTC):
            raise self._problem(f"its credential_process prints credentials that expired at {ends}.", "Renew them")

    def _document(self, ended: Ended) -> dict[str, Any]:
        # What it prints may hold keys, so that it is never quoted.
        try:
            document = json.loads(ended.stdout)
        except (ValueError, RecursionError):
            text = ended.stdout.strip()
            what = "nothing" if not text else "text before its JSON" if b"{" in text[1:] else "no JSON"
            said = _said(ended.stderr)
            also = f" It says: {said}" if said else ""
            # It may have wanted a terminal, of which it says so or not.
            remedy = "" if text else "Run it yourself"
            raise self._problem(f"its credential_process prints {what}.{also}", remedy) from None
        if not isinstance(document, dict):
            raise self._problem("its credential_process prints JSON of another form.")
        return document

    def _cannot_run(self, error: Exception) -> Problem:
        program = self.words[0]
        why = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
        if program.startswith("~") or "$" in program:
            why += "; ~ and $ are not expanded there, write the whole path"
        return self._problem(f"its credential_process {program} cannot be run: {why}.")

    def _too_slow(self, deadline: float, stderr: bytes) -> Problem:
        said = _said(stderr)
        also = f" It says: {said}" if said else " It may wait for input, and there is none for it."
        return self._problem(
            f"its credential_process did not end within {deadline:g} s.{also}", "Run it yourself, then try again"
        )

    def _problem(self, why: str, what: str = "") -> Problem:
        command = redact(clean(" ".join(self.words)))
        if what:
            return Problem("SignInFailed", _failed(self.profile, why), f"{what}: {command}")
        place = f"credential_process of the profile {self.profile} in {self.config_file}"
        return Problem("SignInFailed", _failed(self.profile, why), f"Correct {place}.")


def _failed(profile: str, why: str) -> str:
    return f"could not sign in with the profile {profile}: {why}"


def _said(stderr: bytes) -> str:
    """Return the end of what a program said, in one line that ends as a sentence does."""
    lines = [clean(line).strip() for line in stderr.decode("utf-8", "replace").splitlines()]
    text = redact(" ".join(line for line in lines if line))
    text = text if len(text) <= MOST_SAID else f"… {text[-MOST_SAID:]}"
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def _killer(process: subprocess.Popen[bytes]) -> Callable[[], None]:
    def kill() -> None:
        with suppress(OSError):  # it has just ended by itself
            os.killpg(process.pid, signal.SIGKILL)

    return kill
