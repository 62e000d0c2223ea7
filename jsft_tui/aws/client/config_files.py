"""Say what is wrong with a configuration file that botocore cannot read: which line, never its text.

botocore says only "Unable to parse config file" (`configloader.raw_config_parse`); a line may hold a key.
"""

from __future__ import annotations

import codecs
import configparser
import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean
from jsft_tui.given_files import open_given

SECTIONS = ("s3",)
"""Settings of a profile that are sections of indented lines (AWS CLI, `aws help s3-config`)."""


def config_file_problem(path: str, error: object) -> Problem:
    """Return the Problem of a file that cannot be parsed.

    Args:
        path: the file.
        error: what the parser raised.
    """
    message = f"{clean(path)} cannot be read as an AWS configuration file: {_why(Path(path).expanduser(), error)}."
    return Problem("SignInFailed", message, "Correct that file.")


def _why(path: Path, error: object) -> str:
    try:
        head = open_given(path).read(4)
    except OSError:
        head = b""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "it is UTF-16; save it as UTF-8"
    if head.startswith(codecs.BOM_UTF8):
        return "it begins with a byte-order mark; save it as UTF-8 without one"
    if isinstance(error, UnicodeDecodeError):
        return f"it is not {error.encoding.upper()}, from byte {error.start} on"
    if isinstance(error, configparser.DuplicateSectionError):
        return f"line {error.lineno} begins [{clean(str(error.section))}] a second time"
    if isinstance(error, configparser.DuplicateOptionError):
        return f"line {error.lineno} sets {clean(error.option)} of [{clean(str(error.section))}] a second time"
    if isinstance(error, configparser.MissingSectionHeaderError):
        return f"line {error.lineno} comes before any [section]"
    if isinstance(error, configparser.ParsingError) and error.errors:
        return f"line {error.errors[0][0]} is neither a [section] nor name = value"
    return "a line of an indented section is not name = value"


def unreadable_file(session: Any) -> Problem | None:
    """Return what keeps a file of a botocore session from being read; botocore takes it for absent."""
    for name in ("config_file", "credentials_file"):
        file = Path(str(session.get_config_variable(name))).expanduser()
        try:
            open_given(file).close()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            continue
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            remedy = "Put a file in its place." if error.errno == errno.EINVAL else "Correct its permissions."
            return Problem("SignInFailed", f"{file} cannot be read: {why}.", remedy)
    return None


def check_sections(settings: Mapping[str, Any], profile: str | None, file: str) -> None:
    """Refuse a profile one of whose sections is a value: botocore fails on it without its name.

    Raises:
        Problem: code `BadConfiguration`.
    """
    for name in SECTIONS:
        if isinstance(settings.get(name), str):
            section = f"[profile {profile}]" if profile not in (None, "default") else "[default]"
            message = f"{name} in {section} of {file} has a value, where indented lines belong."
            raise Problem("BadConfiguration", message, f"Correct or remove {name} there.")
