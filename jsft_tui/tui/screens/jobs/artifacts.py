"""Actions on the model of a job: list its contents, unpack it, try it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import humanize

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.services.background.progress import ThrottledReporter
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.serving.trying import not_in_service
from jsft_tui.services.session.prediction import cannot_try
from jsft_tui.services.storage.archives import Contents, extract, unpacked_folder
from jsft_tui.services.storage.artifacts import Downloaded
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, line


class ArtifactActions(WorkScreen):
    """A screen that shows jobs; its keys are for one of them.

    Class attributes:
        CANCEL_ACTION: id of the action that cancels a download or an unpacking.
    """

    CANCEL_ACTION: ClassVar[str] = "cancel_download"

    def __init__(self) -> None:
        super().__init__()
        self._unpacking: Path | None = None
        """The archive that is being unpacked."""

    @property
    def _job(self) -> TrainingJob | None:
        """The job that keys are for."""
        raise NotImplementedError

    @property
    def _job_name(self) -> str | None:
        """The name of the job that keys are for, which may not be described yet."""
        return self._job.name if self._job is not None else None

    @property
    def would_lose(self) -> str:
        """Name an archive that is being unpacked, which would begin anew."""
        return f"{self._unpacking} is being unpacked." if self._unpacking else ""

    def target_closed(self) -> None:
        """Forget the unpacking that ended with the target."""
        self._unpacking = None

    # List its contents

    @flow("peek")
    async def action_peek(self) -> None:
        """List the contents of the job's model, without downloading it."""
        if (job := self._job) is None:
            return
        services, name = self.session.services, job.name
        self.say(f"Looking into the model of {name} …")
        contents = await self.call(lambda: services.artifacts.contents(services.jobs.get(name)))
        self.say("")
        await self.open_dialog(ReadingDialog(f"Model of {name}", contents_lines(contents)))

    # Unpack it

    async def offer_unpacking(self, found: Downloaded) -> None:
        """Ask whether to unpack what was downloaded; not while another screen or a dialog is shown."""
        archive = found.plan.archive
        if archive is None or self.app.screen is not self:
            return
        lines = [line(found.said), line(f"Into {unpacked_folder(archive)}; nothing gets out of that folder.")]
        if await self.open_dialog(ConfirmDialog("Unpack it?", lines, label="unpack it")):
            self._unpack(archive)

    @flow("unpack")
    async def _unpack(self, archive: Path) -> None:
        folder, cancel_key = unpacked_folder(archive), self.key(self.CANCEL_ACTION)

        def unpack(reporter: Reporter[str]) -> int:
            throttled, done = ThrottledReporter(reporter), 0

            def advance(more: int) -> None:
                nonlocal done
                done += more
                size = humanize.naturalsize(done, binary=True)
                throttled.tell(f"Unpacking {archive}: {size}   {cancel_key} stops it")

            return len(extract(archive, folder, advance))

        self._unpacking = archive
        self.say(f"Unpacking {archive} …")
        try:
            count = await self.call_with_progress(unpack, self.say)
        finally:
            if self._unpacking is archive:
                self._unpacking = None
        self.say(f"Unpacked {plural(count, 'file')} into {folder}.", Status.COMPLETED)

    def cancel_unpacking(self) -> bool:
        """Cancel the unpacking; return whether there was one."""
        if self._unpacking is None:
            return False
        self.cancel("unpack")
        archive, self._unpacking = self._unpacking, None
        self.say(f"{archive} is not unpacked; nothing of it is left in the folder.")
        return True

    # Try it

    def action_try_model(self) -> None:
        """Ask the job's model: behind its endpoint, or in the sandbox without one."""
        if (job := self._job) is None:
            return
        endpoints = self.session.endpoint_list.state.endpoints
        behind = next((each for each in endpoints if each.job == job.name and not_in_service(each) is None), None)
        if behind is not None:
            self.jsft.ask_endpoint(behind.name)
        elif (refused := cannot_try(self.session.target)) is not None:
            self.say(f"{refused} {self.key('deploy_job')} deploys it.", Status.WARNING)
        else:
            self.jsft.ask_job(job.name)


def contents_lines(contents: Contents) -> list[TextLine]:
    """Return the members of an archive, or the files of an uncompressed model."""
    count = plural(len(contents.members), "member")
    total = humanize.naturalsize(sum(member.size for member in contents.members), binary=True)
    said = f"{count}, {total} unpacked."
    if not contents.complete:
        said = f"{count} at its beginning, which is all that was read; there may be more in it."
    rows = (
        TextLine((Cell(f"{humanize.naturalsize(m.size, binary=True):>10}  ", "muted"), Cell(m.name)), 12)
        for m in contents.members
    )
    return [line(said, "" if contents.complete else "warning"), line(""), *rows]
