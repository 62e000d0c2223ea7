"""Convert a file of language data, locally or in S3, in a stream; what exists is never overwritten."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from string import Formatter
from typing import Any

from jsft_tui.aws.s3 import S3
from jsft_tui.core.account.read_only import writing_refused
from jsft_tui.core.account.target import Target as AwsTarget
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.datasets.conversion.conversion import Conversion, ConversionReport
from jsft_tui.core.datasets.conversion.records import UnreadableRecordsError, records
from jsft_tui.core.datasets.generative.prompt_template import FILE as TEMPLATE
from jsft_tui.core.datasets.generative.prompt_template import KEYS as TEMPLATE_KEYS
from jsft_tui.core.datasets.generative.prompt_template import MOST_BYTES as TEMPLATE_BYTES
from jsft_tui.core.storage.uri import Entry, S3Uri
from jsft_tui.given_files import open_given, read_given
from jsft_tui.services.settings.text_files import EXISTS, expanded, save_parts

CHUNK = 2**20
"""Bytes read at once."""
Place = Path | S3Uri


@dataclass(frozen=True)
class Converted:
    """A finished conversion.

    Attributes:
        place: the file that was written.
        report: what was converted and left out.
        template: whether template.json beside the source built the records.
    """

    place: Place
    report: ConversionReport
    template: bool = False


def place_of(text: str) -> Place:
    """Return the place that a user typed: an S3 URI or a path.

    Raises:
        Problem: nothing, a wrong S3 URI, or an unknown user in the path.
    """
    if not text:
        raise usage("BadUsage", "the path is empty.", "Is a variable not set?")
    return S3Uri.parse(text) if text.startswith("s3://") else expanded(Path(text))


class Converter:
    """Converts files; places in S3 belong to one target."""

    def __init__(self, s3: S3 | None = None, target: AwsTarget | None = None) -> None:
        """Without an `s3`, only local files are converted."""
        self._s3 = s3
        self._target = target

    def convert(self, source: Place, place: Place, conversion: Conversion) -> Converted:
        """Convert a file.

        Args:
            source: the file: JSON lines, a JSON array, or CSV with a header. A template.json beside it is used, as
                classical training scripts do, unless the conversion maps columns.
            place: where the result goes; a name that ends with a slash is a folder.
            conversion: the form and the columns.

        Raises:
            Problem: the place exists (`FileExists`), the source cannot be read (`NoSuchFile`, `Unreadable`), no record
                could be converted (`NothingConverted`), or S3 refuses.
        """
        target = self._target_of(source, place)
        self._refuse_existing(target)
        templates = {} if conversion.mapping else self._templates(source)
        report = ConversionReport()
        lines = self._lines(source, replace(conversion, templates=templates), report)
        if isinstance(target, S3Uri):
            with tempfile.TemporaryDirectory(prefix="jsft-") as folder:
                file = save_parts(Path(folder) / "converted.jsonl", lines)
                self._needed_s3().upload(file, target, lambda _: None, lambda _: None)
        else:
            save_parts(target, lines)
        return Converted(target, report, bool(templates))

    def _lines(self, source: Place, conversion: Conversion, report: ConversionReport) -> Iterator[str]:
        try:
            yield from conversion.lines(records(_name(source), self._chunks(source)), report)
        except UnreadableRecordsError as error:
            raise usage("Unreadable", f"{error}.", "Give JSON lines, a JSON array, or CSV with a header.") from error
        if not report.written:
            raise _nothing(report)

    def _target_of(self, source: Place, place: Place) -> Place:
        name = f"{Path(_name(source)).stem}.jsonl"
        if isinstance(place, S3Uri):
            if refused := self._target and writing_refused(self._target, "nothing is written to S3"):
                raise refused
            return place if place.key and not place.key.endswith("/") else place.as_prefix().child(name)
        return place / name if place.is_dir() else place

    def _refuse_existing(self, place: Place) -> None:
        if isinstance(place, Path):
            exists = place.exists()
        else:
            try:
                exists = bool(self._needed_s3().head(place))
            except Problem as problem:
                if problem.code != "NotFound":
                    raise
                exists = False
        if exists:
            raise usage(EXISTS, f"{place} already exists.", "Use another name.")

    def _templates(self, source: Place) -> Mapping[str, str]:
        """Return the texts of the template.json beside a file; nothing without one."""
        body = b""
        if isinstance(source, Path):
            with suppress(OSError):
                body = read_given(source.parent / TEMPLATE)
        else:
            with suppress(Problem):  # none, or not readable: the records are taken as they are
                body = self._needed_s3().read(source.parent.child(TEMPLATE), 0, TEMPLATE_BYTES)
        return _template_texts(body) if body else {}

    def _chunks(self, source: Place) -> Iterator[bytes]:
        if isinstance(source, Path):
            yield from _local_chunks(source)
            return
        s3, start = self._needed_s3(), 0
        entry = self._source_entry(source)
        while start < (entry.size or 0):
            yield s3.read_same(source, start, CHUNK, entry.etag)
            start += CHUNK

    def _source_entry(self, source: S3Uri) -> Entry:
        try:
            return self._needed_s3().head(source)
        except Problem as problem:
            if problem.code != "NotFound":
                raise
            remedy = f"Name one file; see which are there: jsft s3 ls {source.parent}"
            raise usage("NoSuchFile", f"there is no object {source}.", remedy) from problem

    def _needed_s3(self) -> S3:
        assert self._s3 is not None, "a place in S3 comes with its adapter"
        return self._s3


def _name(place: Place) -> str:
    return place.name if isinstance(place, Path) else place.key.rpartition("/")[2]


def _local_chunks(path: Path) -> Iterator[bytes]:
    try:
        with open_given(path) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except OSError as error:
        raise usage("NoSuchFile", f"{path} cannot be read: {error.strerror}.", "Check the path.") from error


def _template_texts(body: bytes) -> Mapping[str, str]:
    try:
        found: Any = json.loads(body)
        texts = {key: found[key] for key in TEMPLATE_KEYS}
        for text in texts.values():
            list(Formatter().parse(text))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        why = "template.json beside the file is no template with prompt and completion."
        raise usage("BadTemplate", why, "Move it away, or name the columns with --map.") from error
    return texts


def _nothing(report: ConversionReport) -> Problem:
    reasons = "; ".join(f"{left.count} x {reason} (line {left.lines[0]})" for reason, left in report.left_out.items())
    why = reasons or "the file has no records"
    by_name = any("column" in reason or "keys" in reason for reason in report.left_out)
    remedy = "Name the columns with --map." if by_name else "Correct the file, or give another one."
    return usage("NothingConverted", f"no record could be converted: {why}.", remedy)
