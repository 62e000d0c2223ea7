"""Decide which members of an untrusted archive may be extracted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

MAX_NAME = 1024
"""Maximum length of a member's name."""
MAX_PART_BYTES = 255
"""Bytes of one part of a name: NAME_MAX of Linux's and macOS' file systems (limits.h)."""


class MemberKind(Enum):
    """The type of an archive member."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"
    """A device, a pipe or an unknown type."""


@dataclass(frozen=True)
class Member:
    """A member of an archive; `size` is its unpacked size in bytes."""

    name: str
    size: int
    kind: MemberKind


@dataclass(frozen=True)
class Limits:
    """Limits of an extraction.

    Attributes:
        bytes: total size of the files.
        members: files and folders.
        ratio: unpacked bytes for one byte of the archive; weights are at about 1, text at 10, zeros at 1,000.
        free_bytes: that are unpacked whatever the ratio: a small archive of text is no bomb.
    """

    bytes: int = 2**40
    members: int = 200_000
    ratio: int = 100
    free_bytes: int = 2**28

    def excess(self, members: int, unpacked: int, packed: int) -> str | None:
        """Return which limit so many members and bytes, from an archive of `packed` bytes, are beyond; None if none."""
        if members > self.members:
            return f"the archive has more than {self.members:,} members"
        if unpacked > self.bytes:
            return f"the archive is larger than {self.bytes:,} bytes when unpacked"
        if unpacked > max(self.free_bytes, self.ratio * packed):
            return f"the archive unpacks to more than {self.ratio} times its {packed:,} bytes, as a bomb does"
        return None


def refusal(member: Member) -> str | None:
    """Return why a member must not be extracted; None if it may.

    All links are refused: one that looks harmless can lead a later member out of the folder.
    """
    parts = member.name.replace("\\", "/").split("/")
    if member.name.startswith(("/", "\\")) or (len(member.name) > 1 and member.name[1] == ":"):
        return "its name is an absolute path"
    if ".." in parts:
        return "its name points outside the folder"
    if not member.name or len(member.name) > MAX_NAME or "\0" in member.name:
        return "its name is not a valid file name"
    if any(len(part.encode("utf-8", "surrogateescape")) > MAX_PART_BYTES for part in parts):
        return f"a part of its name is longer than {MAX_PART_BYTES} bytes"
    if member.kind is MemberKind.LINK:
        return "it is a link"
    if member.kind is MemberKind.OTHER:
        return "it is neither a file nor a folder"
    return None
