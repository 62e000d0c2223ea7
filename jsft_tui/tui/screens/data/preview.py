"""The preview of what the cursor rests on: facts, the first lines, or a small picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import humanize
from textual.message import Message

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.pixels import Pixels
from jsft_tui.core.storage.preview import HEAD, MAX_IMAGE_BYTES, Preview, head_note, is_image, preview
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.storage.s3 import Storage
from jsft_tui.services.storage.thumbnails import small_picture
from jsft_tui.tui.base.screen import WorkScreen
from jsft_tui.tui.screens.data.rows import minute
from jsft_tui.tui.widgets.image_view import ImageView
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_pane import DetailPane
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line


@dataclass(frozen=True)
class Subject:
    """What to preview: a place (no size) or an object."""

    uri: S3Uri
    size: int | None = None
    modified: float | None = None
    note: str = ""


class PreviewPane(Pane):
    """Text, or a picture below a line of text."""

    DEFAULT_CSS = """
    PreviewPane ImageView { display: none; }
    PreviewPane.-picture ImageView { display: block; }
    PreviewPane.-picture TextPane { height: 1; overflow-y: hidden; }
    """

    @dataclass
    class Resized(Message):
        """There is more room now, or less, or it was hidden."""

    def __init__(self) -> None:
        self.text, self.picture = DetailPane(), ImageView()
        super().__init__("Preview", self.text, self.picture, id="preview")

    def on_resize(self) -> None:
        """A picture may have to be of another size."""
        self.post_message(self.Resized())

    @property
    def room(self) -> tuple[int, int]:
        """How many pixels a picture may have."""
        width, height = self.size
        return ImageView.room_in(width - 2, height - 2)

    @property
    def is_shown(self) -> bool:
        """Whether it has room on the screen."""
        return bool(self.size.width and self.size.height)

    def show_text(self, title: str, lines: list[TextLine]) -> None:
        """Show text alone."""
        self.set_title(title)
        self.remove_class("-picture")
        self.picture.show(None)
        self.text.show_from_top(lines)

    def show_picture(self, title: str, about: TextLine, picture: Pixels) -> None:
        """Show a picture and a line about it."""
        self.set_title(title)
        self.add_class("-picture")
        self.text.show_from_top([about])
        self.picture.show(picture)


class Previewer:
    """Follows the cursor once it rests; what comes too late is dropped."""

    def __init__(self, screen: WorkScreen, pane: PreviewPane, rested: Callable[[], None]) -> None:
        """`rested` is told when the cursor rests."""
        self._screen, self._pane, self._rested = screen, pane, rested
        self._subject: Subject | None = None
        self._looked_at: tuple[Subject | None, tuple[int, int]] | None = None

    def follow(self, subject: Subject | None) -> None:
        """The cursor came to something: look at it when it rests there."""
        if subject != self._subject:
            self._subject = subject
            self._screen.forget("preview")
            self._look_soon()

    def resized(self) -> None:
        """It was hidden, or a picture has another room."""
        subject, room = self._looked_at or (None, None)
        is_other_room = self._pane.picture.pixels is not None and room != self._pane.room
        if is_other_room or subject != self._subject:
            self._look_soon()

    def _look_soon(self) -> None:
        self._screen.when_cursor_rests(self._look)

    def _look(self) -> None:
        """Read what the cursor is on now."""
        subject, session = self._subject, self._screen.jsft.session
        self._rested()
        if session is None or not self._pane.is_shown:
            return
        self._looked_at = (subject, self._pane.room)
        if subject is None:
            self._pane.show_text("Preview", [])
            return
        if self._pane.picture.pixels is None or subject.size is None:
            self._pane.show_text(_title(subject), _facts(subject))
        if subject.size is not None:
            self._read(subject, session.services.storage)

    def _read(self, subject: Subject, storage: Storage) -> None:
        room = self._pane.room

        def show(found: Preview | Pixels) -> None:
            if isinstance(found, Pixels):
                about = TextLine((Cell(found.note, "quiet"), Cell(f"  {subject.uri}", "quiet")))
                self._pane.show_picture(_title(subject), about, found)
            else:
                note = line(head_note(found, subject.size or 0), "quiet")
                self._pane.show_text(_title(subject), [*_facts(subject), note, line(""), *_lines(found)])

        def failed(problem: Problem) -> None:
            self._pane.show_text(_title(subject), [*_facts(subject), line(""), line(f"! {problem}", "warning")])

        self._screen.ask("preview", lambda _: read_preview(storage, subject, room), show, failed)


def read_preview(storage: Storage, subject: Subject, room: tuple[int, int]) -> Preview | Pixels:
    """Read the beginning of an object. Made in a thread.

    Raises:
        Problem: it cannot be read or drawn.
    """
    name, size = subject.uri.name, subject.size or 0
    if not is_image(name) or not size:
        data = storage.read(subject.uri, 0, min(size, HEAD)) if size else b""
        return preview(name, data, is_whole=len(data) >= size)
    if size > MAX_IMAGE_BYTES:
        most = humanize.naturalsize(MAX_IMAGE_BYTES, binary=True)
        raise Problem("LargePicture", f"pictures of more than {most} are not drawn.")
    return small_picture(storage.read(subject.uri, 0, size), room)


def _title(subject: Subject) -> str:
    size = f" · {humanize.naturalsize(subject.size, binary=True)}" if subject.size is not None else ""
    return f"{subject.uri.name}{size}"


def _facts(subject: Subject) -> list[TextLine]:
    word = "modified" if subject.size is not None else "created"
    made = f"{word} {minute(subject.modified)} UTC" if subject.modified else ""
    return [line(str(subject.uri)), *(line(text, "quiet") for text in (made, subject.note) if text)]


def _lines(found: Preview) -> list[TextLine]:
    width = min(20, max((len(each.label) for each in found.lines), default=0))
    if not width:
        return [line(each.text) for each in found.lines]
    return [fact(each.label, each.text, width=width) for each in found.lines]
