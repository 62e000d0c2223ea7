"""The default dataset of the draft's model, as far as one listing tells of it."""

from __future__ import annotations

from functools import partial

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import plural, short_size
from jsft_tui.core.datasets.base.needs import Glance
from jsft_tui.core.request.build import default_dataset
from jsft_tui.core.storage.preview import is_image
from jsft_tui.core.storage.uri import Page, S3Uri
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.screens.data.looks import glance_of
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

LABEL = 9
MOST_CLASSES = 12


class DefaultData:
    """Lists the default dataset once for each model."""

    def __init__(self, screen: MasterDetailScreen) -> None:
        self._screen = screen
        self._pages: dict[S3Uri, Page | Problem] = {}
        self._asked: S3Uri | None = None

    def clear(self) -> None:
        """Forget what was listed in another target."""
        self._pages, self._asked = {}, None

    @property
    def name(self) -> str:
        """Its name; empty if the model has none, or is not known."""
        spec = self._screen.session.spec
        return spec.default_dataset_key.strip("/").rpartition("/")[2] if spec is not None else ""

    @property
    def words(self) -> str:
        """Its name and size in a few words."""
        glance = self._glance
        return f"{self.name}, {_examples(glance)}" if glance is not None and glance.files else self.name

    def look(self) -> None:
        """List it, if that was not done yet."""
        session = self._screen.session
        uri = self._uri
        if uri is not None and uri != self._asked and uri not in self._pages and session.spec is not None:
            self._asked = uri
            self._screen.start("default data", partial(self._list, uri))

    async def _list(self, uri: S3Uri) -> None:
        storage = self._screen.session.services.storage
        try:
            self._pages[uri] = await self._screen.call(lambda: storage.look(uri))
        except Problem as problem:  # Review says so, if it matters
            self._pages[uri] = problem
        self._screen.draw()

    @property
    def _uri(self) -> S3Uri | None:
        session = self._screen.session
        if session.spec is None:
            return None
        text = default_dataset(session.spec, session.services.planning.somewhere())
        return S3Uri.parse(text).as_prefix() if text else None

    @property
    def _glance(self) -> Glance | None:
        uri = self._uri
        page = self._pages.get(uri) if uri is not None else None
        return glance_of(page, uri) if isinstance(page, Page) and uri is not None else None

    def short_lines(self) -> list[TextLine]:
        """Return its name and content in one line."""
        content = self._content
        return [_fact("No data?", f"its own: {self.name}{f', {content}' if content else ''}")] if self.name else []

    @property
    def _content(self) -> str:
        glance = self._glance
        if glance is None or not glance.files:
            return ""
        size = short_size(sum(item.size for item in glance.objects))
        number = len(self._classes)
        classes = f" in {plural(number, 'class', 'classes')}" if number > 1 else ""
        return f"{_examples(glance)}{classes}, {size}{'' if glance.complete else ' and more'}"

    @property
    def _classes(self) -> tuple[str, ...]:
        glance = self._glance
        return glance.folders if glance is not None and _noun(glance) == "image" else ()

    def lines(self) -> list[TextLine]:
        """Return what is known of it."""
        if not self.name:
            return [line("No default dataset: bring your own.", "muted")]
        lines = [line("The default dataset", "strong"), _fact("Name", self.name)]
        content, folders = self._content, self._classes
        if not content:
            return lines
        lines.append(_fact("Content", content))
        if len(folders) > 1:
            names = " ".join(folder.removesuffix("/") for folder in folders[:MOST_CLASSES])
            lines.append(_fact("Classes", names + (" …" if len(folders) > MOST_CLASSES else "")))
        is_sandbox = self._screen.session.target.sandbox
        lines.append(_fact("Good for", "a first run: it trains in seconds here" if is_sandbox else "a first run"))
        return lines


def _noun(glance: Glance) -> str:
    images = sum(1 for item in glance.objects if is_image(item.name))
    return "image" if images * 2 > glance.files else "file"


def _examples(glance: Glance) -> str:
    noun = _noun(glance)
    number = sum(1 for item in glance.objects if is_image(item.name)) if noun == "image" else glance.files
    return glance.count(number, noun)


def _fact(label: str, text: str) -> TextLine:
    return TextLine((Cell(f"{label:{LABEL}} ", "muted"), Cell(text)), LABEL + 1)
