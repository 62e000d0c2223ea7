"""What can be done with the model that a job made: download it, look into it, unpack it, try it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import humanize

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.background.throttle import ThrottledReporter
from jsft_tui.services.session.prediction import cannot_try, try_model
from jsft_tui.services.storage.archives import Contents, extract, unpacked_folder
from jsft_tui.services.storage.artifacts import Downloaded
from jsft_tui.tui.base.screen import WorkScreen
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

BAR = 20
"""Cells of the bar of a probability of 1."""


class ArtifactActions(WorkScreen):
    """A screen that shows jobs, one of which is meant by its keys."""

    def __init__(self) -> None:
        super().__init__()
        self._unpacking: Path | None = None
        """The archive that is being unpacked."""

    @property
    def _job(self) -> TrainingJob | None:
        """The job that keys mean."""
        raise NotImplementedError

    @property
    def stop_key(self) -> str:
        """The key that stops a download."""
        raise NotImplementedError

    @property
    def would_lose(self) -> str:
        """An archive that is being unpacked has to be unpacked from its beginning the next time."""
        return f"{self._unpacking} is being unpacked." if self._unpacking else ""

    def target_closed(self) -> None:
        """What was being unpacked is not any more; nothing of it is left."""
        self._unpacking = None

    # Looking into it

    def action_peek(self) -> None:
        """List what the job's model consists of, without downloading it."""
        if (job := self._job) is None:
            return
        services, name = self.session.services, job.name

        def show(contents: Contents) -> None:
            self.say("")
            self.ask_person(ReadingDialog(f"Model of {name}", contents_lines(contents)), lambda _: None)

        self.say(f"Looking into the model of {name} …")
        self.ask("peek", lambda _: services.artifacts.contents(services.jobs.get(name)), show)

    # Unpacking it

    def offer_unpacking(self, found: Downloaded) -> None:
        """Ask whether to unpack what was downloaded; not in the middle of something else."""
        archive = found.plan.archive
        if archive is None or self.app.screen is not self:
            return

        def answered(agreed: bool | None) -> None:
            if agreed:
                self._unpack(archive)

        lines = [line(found.said), line(f"Into {unpacked_folder(archive)}; nothing gets out of that folder.")]
        self.ask_person(ConfirmDialog("Unpack it?", lines, label="unpack it"), answered)

    def _unpack(self, archive: Path) -> None:
        folder, stop_key = unpacked_folder(archive), self.stop_key

        def call(wanted: Reporter[str]) -> int:
            paced, done = ThrottledReporter(wanted), 0

            def advance(more: int) -> None:
                nonlocal done
                done += more
                paced.tell(f"Unpacking {archive}: {humanize.naturalsize(done, binary=True)}   {stop_key} stops it")

            return len(extract(archive, folder, advance))

        def unpacked(count: int) -> None:
            self._unpacking = None
            self.say(f"Unpacked {plural(count, 'file')} into {folder}.", Status.COMPLETED)

        def failed(problem: Problem) -> None:
            self._unpacking = None
            self.say_problem(problem)

        self._unpacking = archive
        self.say(f"Unpacking {archive} …")
        self.ask("unpack", call, unpacked, failed, self.say)

    def cancel_unpacking(self) -> bool:
        """Stop the unpacking; whether there was one under way."""
        if self._unpacking is None:
            return False
        self.forget("unpack")
        archive, self._unpacking = self._unpacking, None
        self.say(f"{archive} is not unpacked; nothing of it is left in the folder.")
        return True

    # Trying it

    def action_try_model(self) -> None:
        """Ask the job's model about an example; only in the sandbox."""
        if (job := self._job) is None:
            return
        if (refused := cannot_try(self.session.target)) is not None:
            self.say(str(refused), Status.WARNING)
            return
        name = job.name

        def answered(item: str | None) -> None:
            if item:
                self._try(name, item)

        about = "A sentence, a row of numbers as 1.5,2,3, or a picture's file: what the model was trained for."
        self.app.push_screen(PromptDialog(f"Ask the model of {name} about", about=about), answered)

    def _try(self, name: str, item: str) -> None:
        services = self.session.services

        def show(labels: Sequence[tuple[str, float]]) -> None:
            self.say("")
            said = [line(item, "strong"), line(""), *label_lines(labels)]
            self.ask_person(ReadingDialog(f"What the model of {name} says", said), lambda _: None)

        self.say(f"Asking the model of {name} …")
        self.ask("try", lambda _: try_model(services, name, item), show)


def contents_lines(contents: Contents) -> list[TextLine]:
    """The members of an archive, or the files of an uncompressed model."""
    count = plural(len(contents.members), "member")
    total = humanize.naturalsize(sum(member.size for member in contents.members), binary=True)
    said = f"{count}, {total} unpacked."
    if not contents.complete:
        said = f"{count} at its beginning, which is all that was read; there may be more in it."
    rows = (
        TextLine((Cell(f"{humanize.naturalsize(m.size, binary=True):>10}  ", "quiet"), Cell(m.name)), 12)
        for m in contents.members
    )
    return [line(said, "" if contents.complete else "warning"), line(""), *rows]


def label_lines(labels: Sequence[tuple[str, float]]) -> list[TextLine]:
    """Labels with their probabilities, as numbers and as bars."""
    return [
        TextLine((Cell(f"{each:7.4f}  "), Cell(f"{'█' * round(each * BAR):<{BAR}}  ", "running"), Cell(label)), 31)
        for label, each in labels
    ]
