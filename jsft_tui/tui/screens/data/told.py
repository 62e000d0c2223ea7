"""What the Data screen tells about the row under the cursor: the detail and the preview."""

from __future__ import annotations

from collections.abc import Callable

from jsft_tui.core.common.text import clean
from jsft_tui.core.datasets.base.needs import Glance
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.fit import Fit, glimpsed
from jsft_tui.core.storage.listing import Item
from jsft_tui.core.storage.preview import is_image
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.settings.recents import Recent
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.screens.data.browser import Browser
from jsft_tui.tui.screens.data.default_data import DefaultData
from jsft_tui.tui.screens.data.fit_detail import Asked, fit_detail, needs_detail
from jsft_tui.tui.screens.data.looks import Looks
from jsft_tui.tui.screens.data.preview import Previewer, PreviewView, Subject, object_facts
from jsft_tui.tui.screens.data.rows import minute
from jsft_tui.tui.screens.data.start_page import Start, verdict_word
from jsft_tui.tui.widgets.text.cell_text import Cell, cut_middle
from jsft_tui.tui.widgets.text.detail_view import Button, Detail, Section, Shape, section
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

PERMISSION = "s3:ListAllMyBuckets"
MOST_NAME = 22
"""Cells of a folder's name on the button."""
ROOMY = 44
"""Cells of the detail's pane from which on the longest button fits."""
LEAST_HEIGHT = 24
"""Rows of the terminal below which nothing is previewed below the list."""


class Told:
    """Finds what is told; the screen says when."""

    def __init__(
        self,
        screen: MasterDetailScreen,
        question: Callable[[], DataQuestion | None],
        browser: Browser,
        looks: Looks,
        default: DefaultData,
        view: PreviewView,
    ) -> None:
        """Create it; `question` returns what data are checked for, None without a model."""
        self._question = question
        self._screen, self._browser, self._looks, self._default = screen, browser, looks, default
        self._view = view
        self.previewer = Previewer(screen, view)

    @property
    def aim(self) -> S3Uri | None:
        """The folder that the detail is about and that is used: the open one where it looks like data."""
        here, question = self._browser.open, self._question()
        if here is not None and question is not None and self._looks.is_dataset(here, question):
            return here
        return self._browser.folder

    @property
    def has_offer(self) -> bool:
        """Whether jsft can write a file that makes the data fit, or convert the data."""
        fit = self._fit(self.aim)
        return fit is not None and (fit.contents.offer is not None or fit.contents.conversion is not None)

    @property
    def please(self) -> str:
        """A sentence for an administrator, where a permission is missing."""
        here = self._browser.open
        if here is None:
            return f"Please allow {PERMISSION} on *"
        return f"Please allow s3:ListBucket on arn:aws:s3:::{here.bucket}"

    def _fit(self, uri: S3Uri | None) -> Fit | None:
        question = self._question()
        return self._looks.fit(uri, question) if uri is not None and question is not None else None

    def _asked(self) -> Asked | None:
        session, question = self._screen.session, self._question()
        if session.spec is None or question is None:
            return None
        panes = self._screen.panes
        width = self._screen.app.size.width if panes.is_stacked else panes.detail_pane.size.width
        return Asked(session.spec, question, session.target.region, self._screen.key, width)

    # The detail

    def detail(self, shape: Shape) -> Detail:
        """Return what is told in the room there is."""
        found, here = self._browser.under_cursor, self._browser.open
        asked = self._asked()
        if here is not None and isinstance(found, Item) and not found.is_prefix and shape is not Shape.BESIDE:
            return self._object_detail(found, here)
        if asked is None:
            return self._without_model()
        if here is None:
            return self._start_detail(asked, found, shape)
        aim = self.aim or here
        name = f"{cut_middle(clean(aim.name).removesuffix('/'), MOST_NAME)}/" if aim.key else "this bucket"
        button = Button(self._screen.key("use_data"), f"Train with {name}", "use")
        fit = self._fit(aim) if self._browser.location.problem is None else None
        if fit is None and self._browser.location.problem is not None:
            fit = self._looks.fit(aim, asked.question) or _unlooked(self._looks, asked, aim)
        return fit_detail(asked, fit, shape, button)

    def _without_model(self) -> Detail:
        is_chosen = bool(self._screen.session.drafts.run.model.id)
        models = self._screen.key("go_models")
        words = "Reading the model …" if is_chosen else f"No model is chosen yet: {models} chooses one."
        return Detail("What the model needs", [section(line(words, "muted"))])

    def _object_detail(self, item: Item, here: S3Uri) -> Detail:
        subject = Subject(self._browser.location.child(item), item.size or 0, item.modified)
        del here
        lines = self.previewer.lines if self.previewer.subject == subject else [line("…", "muted")]
        return Detail(subject.title, [Section(tuple(object_facts(subject))), Section(tuple(lines))])

    def _start_detail(self, asked: Asked, found: Start | Recent | Item | None, shape: Shape) -> Detail:
        screen = self._screen
        enter = screen.key("open_place")
        if isinstance(found, Recent):
            uri = S3Uri.parse(found.place)
            fit = self._fit(uri)
            if fit is not None:
                return fit_detail(asked, fit, shape, Button(enter, "Open it", "open"))
            word = verdict_word(found.verdicts.get(asked.spec.model_id))
            lines = [fact("Used", minute(found.used)), *([fact("Then", word)] if word else [])]
            return needs_detail(asked, shape, Button(enter, "Open it", "open"), lines)
        if isinstance(found, Item):
            region = self._looks.regions.get(found.name, "")
            facts = [fact("Bucket", found.name), fact("Region", region), fact("Created", minute(found.modified))]
            return needs_detail(asked, shape, Button(enter, "Open this bucket", "open"), facts)
        if found is Start.TYPE:
            return needs_detail(asked, shape, Button(enter, "Type an address", "type_uri"))
        if found is Start.UPLOAD:
            return needs_detail(asked, shape, Button(enter, "Upload a folder", "upload"))
        if found is Start.DEFAULT:
            verb = "Train with the default dataset" if asked.width >= ROOMY else "Use the default dataset"
            button = Button(enter, verb, "use_default") if self._default.name else None
            about = self._default.short_lines() if shape is Shape.BELOW else self._default.lines()
            return needs_detail(asked, shape, button, about)
        return needs_detail(asked, shape, None, self._denied())

    def _denied(self) -> list[TextLine]:
        if self._browser.location.problem is None:
            return []
        key = self._screen.key
        return [
            line(f"Your identity lacks {PERMISSION}. You do not need it:"),
            TextLine((Cell(f"{key('type_uri')}  ", "key"), Cell("type or paste  s3://bucket/prefix/  and go on")), 3),
            TextLine((Cell("To list them here, ask for: ", "muted"), Cell(f"{PERMISSION} on *"))),
            TextLine((Cell(f"{key('copy_uri')}  ", "key"), Cell("copies that sentence for your administrator")), 3),
        ]

    # The preview

    def preview(self) -> None:
        """Preview the file under the cursor, or the first one of the folder under it."""
        terminal = self._screen.app.size
        has_room = not self._screen.panes.is_stacked and terminal.height >= LEAST_HEIGHT
        self.previewer.show(self._subject(), has_room=has_room)

    def _subject(self) -> Subject | None:
        found, location = self._browser.under_cursor, self._browser.location
        if location.uri is None or not isinstance(found, Item):
            return None
        uri = location.child(found)
        if found.size is not None:
            return Subject(uri, found.size, found.modified)
        first = self._looks.first_file(uri)
        if first is None or not self._is_part(location.uri):
            return None
        kind = "image" if is_image(first.uri.name) else "file"
        return Subject(first.uri, first.size or 0, first.modified, f"first {kind} of the folder under the cursor")

    def _is_part(self, uri: S3Uri) -> bool:
        """Whether folders in this one are parts of data for the model, so that what lies in them tells something."""
        question = self._question()
        return question is not None and self._looks.is_dataset(uri, question)


def _unlooked(looks: Looks, asked: Asked, uri: S3Uri) -> Fit:
    return glimpsed(asked.question, Glance((), complete=False), asked.home, looks.regions.get(uri.bucket))
