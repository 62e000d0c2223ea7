"""A review in a few lines: the verdict, what needs a decision, and what passed by subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import plural
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.checks import checks, position_of
from jsft_tui.core.preflight.review import Review


@dataclass(frozen=True)
class Verdict:
    """The answer to "can this be launched?".

    Attributes:
        level: the worst level found; None while the checks run.
        text: the answer in a few words.
        counts: how many findings there are of each level, in words.
    """

    level: Level | None
    text: str
    counts: str


@dataclass(frozen=True)
class SubjectSummary:
    """What passed of one subject: the telling fact, and what was checked."""

    subject: Subject
    headline: str
    details: str


def verdict(review: Review) -> Verdict:
    """Return the verdict of a review."""
    if not review.is_done:
        made = len({found.check for found in review.findings})
        return Verdict(None, f"checking … {made} of {review.check_count}", "")
    count = {level: sum(found.level is level for found in review.findings) for level in Level}
    blocks, warnings, unknown = count[Level.BLOCK], count[Level.WARN], count[Level.UNKNOWN]
    passed = len(_passed_checks(review.findings))
    counts = [f"{passed} passed"]
    counts += [plural(warnings, "warning")] if warnings else []
    counts += [f"{unknown} unknown"] if unknown else []
    if blocks:
        text = f"{plural(blocks, 'problem blocks', 'problems block')} the launch"
        return Verdict(Level.BLOCK, text, ", ".join(counts))
    if warnings:
        return Verdict(Level.WARN, f"Ready, with {plural(warnings, 'warning')}", ", ".join(counts))
    if not unknown:
        counts = [f"{plural(passed, 'check')} passed, none failed"]
    return Verdict(Level.PASS, "Ready to launch", ", ".join(counts))


def subject_of(check: str) -> Subject:
    """Return the subject of a check; of an unknown one, the values."""
    return next((found.subject for found in checks() if found.name == check), Subject.VALUES)


def label_of(check: str) -> str:
    """Return what the problems of a check are called in a list."""
    known = next((found for found in checks() if found.name == check), None)
    return known.label or known.subject.value if known else Subject.VALUES.value


def _passed_checks(findings: Iterable[Finding]) -> list[str]:
    """Return the names of the checks that found nothing to look at."""
    found = list(findings)
    worse = {each.check for each in found if each.level is not Level.PASS}
    return [name for name in dict.fromkeys(each.check for each in found) if name not in worse]


def needing_attention(review: Review) -> list[Finding]:
    """Return the findings that did not pass, the worst first."""
    return [found for found in review.worst_first if found.level is not Level.PASS]


def passed_by_subject(findings: Iterable[Finding]) -> list[SubjectSummary]:
    """Return what passed, a summary for each subject of which anything tells something, in the order of subjects."""
    told: dict[Subject, list[Finding]] = {}
    for found in sorted(findings, key=lambda found: position_of(found.check)):
        if found.level is Level.PASS and not found.told.is_silent:
            told.setdefault(subject_of(found.check), []).append(found)
    return [_summary(subject, told[subject]) for subject in Subject if subject in told]


def passed_in_one_line(findings: Sequence[Finding]) -> str:
    """Return the number of checks that passed, and their subjects."""
    passed = _passed_checks(findings)
    subjects = {subject_of(check) for check in passed}
    names = " ".join(subject.value.lower() for subject in Subject if subject in subjects)
    return f"{plural(len(passed), 'check')} passed  {names}".rstrip()


def _summary(subject: Subject, findings: Sequence[Finding]) -> SubjectSummary:
    headlines = list(dict.fromkeys(found.told.headline for found in findings if found.told.headline))
    details = list(dict.fromkeys(filter(None, map(_detail, findings))))
    headline = ", ".join(headlines) or details.pop(0)
    return SubjectSummary(subject, headline, "; ".join(details))


def _detail(found: Finding) -> str:
    if found.told.detail or found.told.headline:
        return found.told.detail
    return found.message.removesuffix(".")
