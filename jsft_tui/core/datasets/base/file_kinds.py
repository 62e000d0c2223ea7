"""What a file is when it is not the text or the picture that its place asks for: by its first bytes, or by its name.

Sources of the signatures: RFC 1952 (gzip), RFC 8878 (zstd), APPNOTE.TXT (zip), MS-CFB (old Office files), Parquet,
Arrow, ORC, Avro and HDF5 format documents, POSIX `pax` (tar), Git LFS specification (pointers), RFC 1740 (AppleDouble),
SageMaker API reference, S3DataSource (manifest) and the developer guide on augmented manifest files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

HEAD = 512
"""Bytes from the start that are enough for every kind."""


@dataclass(frozen=True)
class FileKind:
    """A kind of file.

    Attributes:
        words: what it is, as a sentence goes on after "is": `a gzip file`.
        remedy: what to do about it, as an imperative: `unpack it`.
    """

    words: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.words}; {self.remedy}"


_UNPACK = "unpack it and upload what is in it"
_AS_CSV = "export it as CSV (UTF-8)"
_AS_TEXT = "export its text as UTF-8"

GZIP = FileKind("a gzip file (compressed)", _UNPACK)
ZIP = FileKind("a zip archive", _UNPACK)
TAR = FileKind("a tar archive", _UNPACK)
EXCEL = FileKind("a zip or Excel file", f"{_AS_CSV}, or unpack it")
OLD_OFFICE = FileKind("an old Excel or Word file", _AS_CSV)
PARQUET = FileKind("a Parquet file", "convert it to the format that the task reads")
LFS_POINTER = FileKind("a Git LFS pointer, not the file itself", "run git lfs pull, and upload the file")
MANIFEST = FileKind("a SageMaker manifest (a list of objects)", "upload the objects that it names")
AUGMENTED = FileKind("an augmented manifest of Ground Truth", "convert it to the format that the task reads")
HTML = FileKind("an HTML page (often an error page instead of the file)", "download the file again")
XML = FileKind("an XML document (often an error page instead of the file)", "download the file again")
APPLE_DOUBLE = FileKind("a resource fork that macOS left (AppleDouble)", "delete it")


def _binary(words: str) -> FileKind:
    return FileKind(words, "convert it to the format that the task reads")


def _compressed(words: str) -> FileKind:
    return FileKind(f"{words} (compressed)", _UNPACK)


_BY_CONTENT: tuple[tuple[re.Pattern[bytes], FileKind], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rb"\x1f\x8b", GZIP),
        (rb"PK(?:\x03\x04|\x05\x06|\x07\x08).*(?:\[Content_Types\]\.xml|_rels/|xl/|docProps/)", EXCEL),
        (rb"PK(?:\x03\x04|\x05\x06|\x07\x08)", FileKind("a zip or Excel file", f"{_UNPACK}, or export it as CSV")),
        (rb"BZh[1-9]1AY&SY", _compressed("a bzip2 file")),
        (rb"\xfd7zXZ\0", _compressed("an xz file")),
        (rb"\x28\xb5\x2f\xfd", _compressed("a zstd file")),
        (rb"\x04\x22\x4d\x18", _compressed("an lz4 file")),
        (rb"7z\xbc\xaf\x27\x1c", _compressed("a 7-Zip archive")),
        (rb"Rar!\x1a\x07", _compressed("a RAR archive")),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
        (rb"PAR[1E][\x00-\x08\x0e-\x1f]", PARQUET),
        (rb"ARROW1\0\0|\xff\xff\xff\xff.\x01\0\0\x10\0\0\0", _binary("an Arrow file")),
        (rb"ORC[\x00-\x08\x0e-\x1f]", _binary("an ORC file")),
        (rb"Obj\x01", _binary("an Avro file")),
        (rb"\x89HDF\r\n\x1a\n", _binary("an HDF5 file")),
        (rb"\x93NUMPY", _binary("a NumPy array")),
        (rb"SQLite format 3\0", _binary("an SQLite database")),
        (rb"\x80[\x02-\x05](?:\x95|[c\x8c}\]()])", _binary("a Python pickle")),
        (rb"\xce\xfa\xed\xfe|\xcf\xfa\xed\xfe|\x7fELF|MZ\x90\0", _binary("a program")),
        (rb"%PDF-", FileKind("a PDF document", _AS_TEXT)),
        (rb"\{\\rtf", FileKind("an RTF document", _AS_TEXT)),
        (rb"\x89PNG\r\n\x1a\n", _binary("a PNG image")),
        (rb"\xff\xd8\xff", _binary("a JPEG image")),
        (rb"GIF8[79]a", _binary("a GIF image")),
        (rb"\0\x05\x16[\x00\x07]\0", APPLE_DOUBLE),
        (rb"\x0a\x23\xd7\xce|\xce\xd7\x23\x0a", _binary("a RecordIO file")),
        (rb".{257}ustar", TAR),
        (rb"version https://git-lfs\.github\.com/spec/", LFS_POINTER),
        (rb'(?:\xef\xbb\xbf)?\s*\[\s*\{\s*"prefix"\s*:\s*"s3://', MANIFEST),
        (rb'(?:\xef\xbb\xbf)?\s*\{\s*"source(?:-ref)?"\s*:\s*"[^"]*"\s*,[^\n]*-metadata"', AUGMENTED),
        (rb"(?i)(?:\xef\xbb\xbf)?\s*(?:<!--.{0,200}?-->\s*)?<(?:!doctype\s+html|html|head)\b", HTML),
        (rb"(?:\xef\xbb\xbf)?\s*<\?xml\b", XML),
    )
)

_BY_NAME: tuple[tuple[tuple[str, ...], FileKind], ...] = (
    ((".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst"), TAR),
    ((".gz", ".gzip"), GZIP),
    ((".bz2",), _compressed("a bzip2 file")),
    ((".xz", ".lzma"), _compressed("an xz file")),
    ((".zst", ".zstd"), _compressed("a zstd file")),
    ((".lz4",), _compressed("an lz4 file")),
    ((".7z",), _compressed("a 7-Zip archive")),
    ((".rar",), _compressed("a RAR archive")),
    ((".zip",), ZIP),
    ((".xlsx", ".xlsm", ".xls", ".ods"), FileKind("a spreadsheet", _AS_CSV)),
    ((".parquet", ".pq"), PARQUET),
    ((".arrow", ".feather"), _binary("an Arrow file")),
    ((".orc",), _binary("an ORC file")),
    ((".avro",), _binary("an Avro file")),
    ((".h5", ".hdf5"), _binary("an HDF5 file")),
    ((".npy", ".npz"), _binary("a NumPy array")),
    ((".pkl", ".pickle"), _binary("a Python pickle")),
    ((".sqlite", ".sqlite3", ".db"), _binary("an SQLite database")),
    ((".rec",), _binary("a RecordIO file")),
    ((".tfrecord", ".tfrecords"), _binary("a TFRecord file")),
    ((".manifest",), MANIFEST),
    ((".pdf",), FileKind("a PDF document", _AS_TEXT)),
    ((".doc", ".docx", ".rtf", ".odt"), FileKind("a text document", _AS_TEXT)),
    ((".html", ".htm"), FileKind("an HTML page", _AS_TEXT)),
)


def kind_of(head: bytes) -> FileKind | None:
    """Return what a file is by its first bytes; None for text, and for what is not known."""
    return next((kind for pattern, kind in _BY_CONTENT if pattern.match(head[:HEAD])), None)


def kind_by_name(name: str) -> FileKind | None:
    """Return what a file is by the ending of its name; None for endings that say nothing of the sort."""
    folded = name.lower()
    return next((kind for endings, kind in _BY_NAME if folded.endswith(endings)), None)


def there_instead(names: Iterable[str]) -> str:
    """Return what lies there instead of the file that is missing, for a message; empty when no name tells.

    For `train.jsonl.gz` it is "train.jsonl.gz is a gzip file (compressed); unpack it and upload what is in it".
    """
    known = ((name, kind_by_name(name)) for name in names)
    return next((f"{name} is {kind}" for name, kind in known if kind), "")
