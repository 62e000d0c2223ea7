"""Files and folders that programs leave behind, by their names: nobody means them as data.

Sources: RFC 1740 and Apple's `ditto` (`._` files, `__MACOSX`), Jupyter server's `FileCheckpoints`
(`.ipynb_checkpoints`), Hadoop's `FileOutputCommitter` (`_SUCCESS`), manuals of vim and Emacs (swap, lock, backup).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Leftover:
    """Something that a program left behind.

    Attributes:
        maker: the program: `macOS`.
        words: what it is, as a sentence goes on after "is": `a resource fork that macOS left`.
    """

    maker: str
    words: str

    def __str__(self) -> str:
        return f"{self.words}; delete it"


def _folder(maker: str) -> Leftover:
    return Leftover(maker, f"a folder that {maker} left")


def _file(maker: str) -> Leftover:
    return Leftover(maker, f"a file that {maker} left")


_FOLDERS = {
    "__MACOSX": Leftover("macOS", "a folder of resource forks that macOS put into a zip file"),
    ".AppleDouble": _folder("macOS"),
    ".Spotlight-V100": _folder("macOS"),
    ".Trashes": _folder("macOS"),
    ".TemporaryItems": _folder("macOS"),
    ".fseventsd": _folder("macOS"),
    "$RECYCLE.BIN": _folder("Windows"),
    "System Volume Information": _folder("Windows"),
    ".ipynb_checkpoints": Leftover("Jupyter", "a folder of copies that Studio or Jupyter left"),
    ".virtual_documents": _folder("Jupyter"),
    "__pycache__": _folder("Python"),
    ".git": _folder("Git"),
    ".svn": _folder("Subversion"),
    ".vscode": _folder("VS Code"),
    ".idea": _folder("PyCharm"),
    ".huggingface": _folder("Hugging Face"),
    ".cache": Leftover("a download", "a cache folder that a download left"),
    ".dvc": _folder("DVC"),
    "@eaDir": _folder("a Synology NAS"),
    "_temporary": _folder("Hadoop or Spark"),
    ".Trash-1000": _folder("Linux"),
}
_FILES = {
    ".DS_Store": _file("macOS"),
    ".localized": _file("macOS"),
    "Icon\r": _file("macOS"),
    "Thumbs.db": _file("Windows"),
    "ehthumbs.db": _file("Windows"),
    "desktop.ini": _file("Windows"),
    ".gitattributes": _file("Git"),
    ".gitignore": _file("Git"),
    ".gitkeep": _file("Git"),
    "_SUCCESS": _file("Hadoop or Spark"),
    ".dropbox": _file("Dropbox"),
    ".directory": _file("KDE"),
}
_PATTERNS = tuple(
    (re.compile(pattern, re.DOTALL), found)
    for pattern, found in (
        (r"\._.*", Leftover("macOS", "a resource fork that macOS left (AppleDouble)")),
        (r"~\$.*", Leftover("Office", "a lock file that Office left")),
        (r"\.~lock\..*#", Leftover("LibreOffice", "a lock file that LibreOffice left")),
        (r"\..*\.sw[a-p]", Leftover("vim", "a swap file that vim left")),
        (r"\.#.*", Leftover("Emacs", "a lock file that Emacs left")),
        (r"#.+#", Leftover("Emacs", "a backup that Emacs left")),
        (r".+~", Leftover("an editor", "a backup that an editor left")),
        (r"\..*\.crc", _file("Hadoop or Spark")),
        (r"_(?:committed|started)_\d+", _file("Hadoop or Spark")),
        (r".+\.(?:crdownload|partial)", Leftover("a download", "a download that was not finished")),
    )
)
_FOLDERS_FOLDED = {name.lower(): found for name, found in _FOLDERS.items()}
_FILES_FOLDED = {name.lower(): found for name, found in _FILES.items()}


def leftover(name: str) -> Leftover | None:
    """Return who left an object or folder behind; None for what may be data.

    Args:
        name: its name relative to the dataset, a folder with its slash; a leftover folder above it counts as well.
    """
    *folders, last = name.split("/")  # a folder's name ends with its slash: nothing is last
    known = _FILES_FOLDED.get(last.lower())
    known = known or next((found for pattern, found in _PATTERNS if pattern.fullmatch(last)), None)
    return known or next((_FOLDERS_FOLDED[part.lower()] for part in folders if part.lower() in _FOLDERS_FOLDED), None)


def leftovers(names: Iterable[str]) -> list[tuple[str, Leftover]]:
    """Return the leftovers among names, each with what it is."""
    return [(name, found) for name in names if (found := leftover(name)) is not None]
