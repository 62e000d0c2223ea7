"""Convert records in a stream, and keep account of what was left out and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter

from jsft_tui.core.datasets.conversion.example import CannotConvertError
from jsft_tui.core.datasets.conversion.read_example import read_example
from jsft_tui.core.datasets.conversion.records import Record
from jsft_tui.core.datasets.conversion.target import Naming, Target, written

FIRST_LINES = 5
"""Lines of a reason that are named."""
MOST_REASONS = 50
MORE = "other reasons"


@dataclass
class LeftOutRecords:
    """Records that were left out for one reason: their number, and the lines of the first."""

    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        """Count a record."""
        self.count += 1
        if len(self.lines) < FIRST_LINES:
            self.lines.append(line)


@dataclass
class ConversionReport:
    """What a conversion did.

    Attributes:
        read: records read.
        written: records written.
        left_out: reason -> records.
    """

    read: int = 0
    written: int = 0
    left_out: dict[str, LeftOutRecords] = field(default_factory=dict)

    def leave_out(self, reason: str, line: int) -> None:
        """Note a record that cannot be converted."""
        known = reason in self.left_out or len(self.left_out) < MOST_REASONS
        self.left_out.setdefault(reason if known else MORE, LeftOutRecords()).add(line)


@dataclass(frozen=True)
class Conversion:
    """How records are converted.

    Attributes:
        target: the form.
        mapping: field of a form -> column of the records, where they have other names.
        templates: field -> text with `{column}`, as template.json of classical training scripts has them.
        naming: for reinforcement learning.
    """

    target: Target
    mapping: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    naming: Naming = field(default_factory=Naming)

    def lines(self, records: Iterable[Record], report: ConversionReport) -> Iterator[str]:
        """Yield the converted records as JSON lines, and fill the report."""
        for record in records:
            report.read += 1
            try:
                if record.fault:
                    raise CannotConvertError(record.fault)
                document = written(read_example(self._named(record.fields)), self.target, self.naming)
            except CannotConvertError as error:
                report.leave_out(str(error), record.line)
                continue
            report.written += 1
            yield json.dumps(document, ensure_ascii=False) + "\n"

    def _named(self, fields: Mapping[str, object]) -> Mapping[str, object]:
        """Return a record under the names of a form: mapped columns, filled templates, or the record itself."""
        if self.templates:
            return {name: _filled(template, fields) for name, template in self.templates.items()}
        if not self.mapping:
            return fields
        missing = [column for column in self.mapping.values() if column not in fields]
        if missing:
            raise CannotConvertError(f"no column {missing[0]!r}")
        return {name: fields[column] for name, column in self.mapping.items()}


def _filled(template: str, fields: Mapping[str, object]) -> str:
    """Fill the fields of a record into a template; nothing of a value is evaluated."""
    parts = []
    for literal, name, _, _ in Formatter().parse(template):
        parts.append(literal)
        if name is not None:
            if name not in fields:
                raise CannotConvertError(f"no field {name!r} of template.json")
            parts.append(str(fields[name]))
    return "".join(parts)
