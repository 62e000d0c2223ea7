"""Collect findings of the same kind: the first ones with their location, the others as a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from jsft_tui.core.datasets.base.reader import LintFinding

SHOWN = 3
"""Findings of one kind that are reported with their own location."""


class FindingsByKind:
    """Collects findings in bounded memory, however broken a dataset is."""

    def __init__(self) -> None:
        self._shown: dict[str, list[LintFinding]] = {}
        self._counts: dict[str, int] = {}

    def add(self, kind: str, finding: LintFinding) -> None:
        """Keep a finding, or only count it if there are enough of its kind."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if self._counts[kind] <= SHOWN:
            self._shown.setdefault(kind, []).append(finding)

    def has(self, kind: str) -> bool:
        """Return whether there is a finding of that kind."""
        return kind in self._counts

    def count(self, kind: str) -> int:
        """Return the number of findings of that kind."""
        return self._counts.get(kind, 0)

    def of(self, kind: str) -> tuple[LintFinding, ...]:
        """Return the first findings of a kind."""
        return tuple(self._shown.get(kind, ()))

    def replace(self, kind: str, finding: LintFinding) -> None:
        """Replace all findings of a kind with one."""
        self._counts[kind] = 1
        self._shown[kind] = [finding]

    def change(self, kind: str, how: Callable[[LintFinding], LintFinding]) -> None:
        """Change all findings of a kind, those that are only counted too."""
        self._shown[kind] = [how(finding) for finding in self._shown.get(kind, ())]

    def number(self, *kinds: str) -> int:
        """Return the number of findings of some kinds together."""
        return sum(self._counts.get(kind, 0) for kind in kinds)

    def all(self, needs: Mapping[str, str] | None = None) -> Iterator[LintFinding]:
        """Yield the findings, each kind followed by the number of omitted ones; `needs`: kind -> need of its findings.

        The need of the kind `""` is that of all others.
        """
        of = needs or {}
        for kind, shown in self._shown.items():
            need = of.get(kind, of.get("", ""))
            yield from (replace(finding, need=finding.need or need) for finding in shown)
            more = self._counts[kind] - len(shown)
            if more:
                last = shown[-1]
                yield LintFinding(last.level, "", f"{more:,} more like: {last.where} {last.message}", need)
