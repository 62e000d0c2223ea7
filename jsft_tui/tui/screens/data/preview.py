"""The preview below the list: an image, or the first lines of the file under the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import short_size
from jsft_tui.core.storage.pixels import Pixels
from jsft_tui.core.storage.preview import HEAD, MAX_IMAGE_BYTES, Preview, is_image, preview, preview_note
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.storage.s3 import Storage
from jsft_tui.services.storage.thumbnails import small_picture
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.screens.data.rows import minute
from jsft_tui.tui.widgets.image_view import ImageView
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, fact, line


@dataclass(frozen=True)
class Subject:
    """An object to preview.

    Attributes:
        uri: its URI.
        size: in bytes.
        modified: when, in epoch seconds.
        note: why this one, if it is not the one under the cursor.
    """

    uri: S3Uri
    size: int
    modified: float | None = None
    note: str = ""

    @property
    def title(self) -> str:
        """The name, with the folder that it was taken from."""
        return f"{self.uri.parent.name}{self.uri.name}" if self.note else self.uri.name


class PreviewView(Vertical):
    """Displays text, or an image above a line of text."""

    DEFAULT_CSS = """
    PreviewView ImageView { display: none; }
    PreviewView.-picture ImageView { display: block; }
    PreviewView TextPane { scrollbar-size-vertical: 0; }
    PreviewView.-picture TextPane { height: 1; overflow-y: hidden; }
    """

    @dataclass(eq=False, repr=False)
    class Resized(Message):
        """Posted when it is resized, displayed or hidden."""

    def __init__(self) -> None:
        super().__init__(id="preview")
        self.text, self.picture = TextPane(can_focus=False), ImageView()

    def compose(self) -> ComposeResult:
        """Compose image and text."""
        yield self.picture
        yield self.text

    def on_resize(self) -> None:
        """Post `Resized`, because an image may need another size."""
        self.post_message(self.Resized())

    @property
    def room(self) -> tuple[int, int]:
        """The maximum size of an image, in pixels."""
        width, height = self.size
        return ImageView.room_in(width - 2, height - 1)

    @property
    def is_shown(self) -> bool:
        """Whether there is room for it."""
        return bool(self.size.width and self.size.height)

    def show_text(self, lines: list[TextLine]) -> None:
        """Display text without an image."""
        self.remove_class("-picture")
        self.picture.show(None)
        self.text.show(lines)
        self.text.action_scroll_to_row(0)

    def show_picture(self, about: TextLine, picture: Pixels) -> None:
        """Display an image and a line about it."""
        self.add_class("-picture")
        self.text.show([about])
        self.picture.show(picture)


class Previewer:
    """Loads the preview of what the cursor rests on; late results are dropped."""

    def __init__(self, screen: MasterDetailScreen, view: PreviewView) -> None:
        self._screen, self._view = screen, view
        self._subject: Subject | None = None
        self._loaded: tuple[Subject | None, tuple[int, int]] | None = None
        self._lines: list[TextLine] = []

    @property
    def subject(self) -> Subject | None:
        """What is previewed."""
        return self._subject

    @property
    def lines(self) -> list[TextLine]:
        """The first lines of the file, or why there are none."""
        return self._lines

    def show(self, subject: Subject | None, *, has_room: bool) -> None:
        """Preview an object, or nothing."""
        self._screen.panes.list_pane.show_lower(is_shown=has_room and subject is not None)
        if subject != self._subject:
            self._screen.cancel("preview")
            self._subject, self._lines = subject, []
        self._load()

    def resized(self) -> None:
        """Load the preview again if it was hidden or if an image needs another size."""
        self._load()

    def _load(self) -> None:
        subject, session = self._subject, self._screen.jsft.session
        if session is None or subject is None:
            return
        room = self._view.room if self._view.is_shown else (0, 0)
        if not self._view.is_shown and is_image(subject.uri.name):
            return
        is_picture = self._view.picture.pixels is not None
        if self._loaded is not None and self._loaded[0] == subject and (self._loaded[1] == room or not is_picture):
            return
        self._loaded = (subject, room)
        self._title(subject, short_size(subject.size))
        if not is_picture:
            self._view.show_text([line("…", "muted")])
        self._screen.start("preview", partial(self._read, subject, session.services.storage))

    def _title(self, subject: Subject, about: str) -> None:
        self._screen.panes.list_pane.set_lower_title(subject.title, (Cell(about, "muted"),))

    async def _read(self, subject: Subject, storage: Storage) -> None:
        room = self._view.room
        try:
            found = await self._screen.call(lambda: read_preview(storage, subject, room))
        except Problem as problem:
            self._show_lines([line(f"! {problem}", "warn")])
            return
        if isinstance(found, Pixels):
            self._title(subject, f"{found.note.partition(' ')[2].replace(' x ', ' × ')}, {short_size(subject.size)}")
            self._view.show_picture(line(subject.note or str(subject.uri), "muted"), found)
        else:
            note = line(preview_note(found, subject.size), "muted")
            self._show_lines([note, *preview_lines(found)])

    def _show_lines(self, lines: list[TextLine]) -> None:
        self._lines = lines
        self._view.show_text(lines)
        self._screen.draw_detail()


def read_preview(storage: Storage, subject: Subject, room: tuple[int, int]) -> Preview | Pixels:
    """Read the beginning of an object. Called in a thread.

    Raises:
        Problem: it cannot be read or drawn.
    """
    name, size = subject.uri.name, subject.size
    if not is_image(name) or not size:
        data = storage.s3.read(subject.uri, 0, min(size, HEAD)) if size else b""
        return preview(name, data, is_whole=len(data) >= size)
    if size > MAX_IMAGE_BYTES:
        raise Problem("LargePicture", f"images larger than {short_size(MAX_IMAGE_BYTES)} are not displayed.")
    return small_picture(storage.s3.read(subject.uri, 0, size), room)


def object_facts(subject: Subject) -> list[TextLine]:
    """Return where an object is, how large, and when it was modified."""
    facts = [fact("Address", str(subject.uri)), fact("Size", short_size(subject.size))]
    return [*facts, *([fact("Modified", minute(subject.modified))] if subject.modified else [])]


def preview_lines(found: Preview) -> list[TextLine]:
    """Return the first lines of a file."""
    width = min(20, max((len(each.label) for each in found.lines), default=0))
    if not width:
        return [line(each.text) for each in found.lines]
    return [fact(each.label, each.text, width=width) for each in found.lines]
