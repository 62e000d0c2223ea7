"""What may come out of an archive that somebody else made, and what may not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

MAX_NAME = 1024
"""Characters of a member's name."""


class MemberKind(Enum):
    """What a member of an archive is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"
    """A device, a pipe or something unknown."""


@dataclass(frozen=True)
class Member:
    """One entry of an archive; `size` in bytes once unpacked."""

    name: str
    size: int
    kind: MemberKind


@dataclass(frozen=True)
class Limits:
    """The most that is unpacked.

    Attributes:
        bytes: of all files together.
        members: files and folders.
    """

    bytes: int = 2**40
    members: int = 200_000


def refusal(member: Member) -> str | None:
    """Why a member must not be written to a disk; None when it may.

    Links are refused altogether: one that looks harmless can be the way out for the member after it.
    """
    parts = member.name.replace("\\", "/").split("/")
    if member.name.startswith(("/", "\\")) or (len(member.name) > 1 and member.name[1] == ":"):
        return "its name is an absolute path"
    if ".." in parts:
        return "its name leads out of the folder"
    if not member.name or len(member.name) > MAX_NAME or "\0" in member.name:
        return "its name is no file name"
    if member.kind is MemberKind.LINK:
        return "it is a link"
    if member.kind is MemberKind.OTHER:
        return "it is neither a file nor a folder"
    return None
