"""Many findings of the same kind: the first ones with their place, the rest as a number."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.datasets.base.reader import LintFinding

SHOWN = 20
"""Findings of one kind that are given with their own place."""


class FindingsByKind:
    """Collects findings; bounded however broken a dataset is."""

    def __init__(self) -> None:
        self._shown: dict[str, list[LintFinding]] = {}
        self._counts: dict[str, int] = {}

    def add(self, kind: str, finding: LintFinding) -> None:
        """Keep a finding, or only count it when there are many of its kind already."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if self._counts[kind] <= SHOWN:
            self._shown.setdefault(kind, []).append(finding)

    def has(self, kind: str) -> bool:
        """Whether there is one of that kind."""
        return kind in self._counts

    def count(self, kind: str) -> int:
        """How many there are of that kind."""
        return self._counts.get(kind, 0)

    def of(self, kind: str) -> tuple[LintFinding, ...]:
        """The first ones of a kind."""
        return tuple(self._shown.get(kind, ()))

    def replace(self, kind: str, finding: LintFinding) -> None:
        """One finding instead of all those of a kind."""
        self._counts[kind] = 1
        self._shown[kind] = [finding]

    def all(self) -> Iterator[LintFinding]:
        """The findings, each kind followed by how many more there are."""
        for kind, shown in self._shown.items():
            yield from shown
            more = self._counts[kind] - len(shown)
            if more:
                last = shown[-1]
                yield LintFinding(last.level, "", f"{more:,} more like: {last.where} {last.message}")
