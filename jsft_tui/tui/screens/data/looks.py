"""What is known of folders without reading an object: one listing each, and the checks that were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.datasets.base.needs import Glance
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import DataObject, LintReport
from jsft_tui.core.datasets.fit import Fit, checked, glimpsed, looks_like_data
from jsft_tui.core.storage.listing import FolderCount, folder_counts
from jsft_tui.core.storage.preview import is_image
from jsft_tui.core.storage.uri import Entry, Page, S3Uri


@dataclass
class Looks:
    """Listings and reports by folder.

    Attributes:
        home: the region of the job.
        pages: folder -> a flat listing of what is below it, or why there is none.
        reports: (folder, what it was checked for) -> the report.
        regions: bucket -> region.
    """

    home: str = ""
    pages: dict[S3Uri, Page | Problem] = field(default_factory=dict)
    reports: dict[tuple[S3Uri, str], LintReport] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)

    def clear(self, home: str) -> None:
        """Forget all: another target is open."""
        self.home = home
        for known in (self.pages, self.reports, self.regions):
            known.clear()

    def forget(self, below: S3Uri) -> None:
        """Forget what was seen of a folder, of those in it and of those that it lies in."""
        for uri in [uri for uri in self.pages if _is_related(uri, below)]:
            del self.pages[uri]
        for known in [known for known in self.reports if _is_related(known[0], below)]:
            del self.reports[known]

    def add_report(self, uri: S3Uri, question: DataQuestion, report: LintReport) -> None:
        """Keep the report of a check."""
        self.reports[uri, _asked(question)] = report

    def report(self, uri: S3Uri, question: DataQuestion) -> LintReport | None:
        """Return the report of a check for the same model and values."""
        return self.reports.get((uri, _asked(question)))

    def glance(self, uri: S3Uri) -> Glance | None:
        """Return the names below a folder: of its own listing, or of that of a folder that it lies in."""
        page = self.pages.get(uri)
        if isinstance(page, Page):
            return glance_of(page, uri)
        above = self.pages.get(uri.parent) if uri.key else None
        return glance_of(above, uri.parent).within(uri.name) if isinstance(above, Page) else None

    def needs_look(self, uri: S3Uri) -> bool:
        """Return whether a listing would tell more."""
        return uri not in self.pages and self.glance(uri) is None

    def fit(self, uri: S3Uri, question: DataQuestion) -> Fit | None:
        """Return whether a folder fits: after a check, or by its names; None if nothing is known."""
        region = self.regions.get(uri.bucket)
        report = self.report(uri, question)
        if report is not None:
            return checked(question, report, self.home, region)
        glance = self.glance(uri)
        return glimpsed(question, glance, self.home, region) if glance is not None else None

    def is_dataset(self, uri: S3Uri, question: DataQuestion) -> bool:
        """Return whether a folder was checked or looks like data for the model."""
        glance = self.glance(uri)
        if self.report(uri, question) is not None:
            return True
        return glance is not None and looks_like_data(question, glance)

    def counts(self, uri: S3Uri) -> Mapping[str, FolderCount]:
        """Return the files of each folder in a folder, as far as they were counted."""
        page = self.pages.get(uri)
        return folder_counts(page, uri.key) if isinstance(page, Page) else {}

    def first_file(self, folder: S3Uri) -> Entry | None:
        """Return the first file below a folder, an image if there is one."""
        page = self.pages.get(folder) or self.pages.get(folder.parent)
        if not isinstance(page, Page):
            return None
        inside = [each for each in page.entries if each.uri.key.startswith(folder.key) and each.size]
        return next((each for each in inside if is_image(each.uri.name)), inside[0] if inside else None)


def glance_of(page: Page, uri: S3Uri) -> Glance:
    """Return the names of a flat listing of what is below a folder."""
    names = ((entry.uri.key.removeprefix(uri.key), entry.size or 0) for entry in page.entries)
    objects = tuple(DataObject(name, size) for name, size in names if name)
    return Glance(objects, complete=page.token is None)


def _asked(question: DataQuestion) -> str:
    return f"{question.task} {question.model_id} {sorted(question.hyperparameters.items())}"


def _is_related(uri: S3Uri, other: S3Uri) -> bool:
    return uri.bucket == other.bucket and (uri.key.startswith(other.key) or other.key.startswith(uri.key))
