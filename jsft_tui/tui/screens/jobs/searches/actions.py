"""Actions on a search in the list of jobs: it opens, stops, and gives its best trial."""

from __future__ import annotations

from jsft_tui.core.common.status import Status
from jsft_tui.core.tuning.results.listed import ListedSearch
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.dialogs.run.take_run import TakenRun, take_into_draft
from jsft_tui.tui.screens.jobs.actions import JobActions
from jsft_tui.tui.screens.jobs.searches.stop import stop_search

NO_BEST = "No trial has ended with a value yet."


class SearchRowActions(MasterDetailScreen, JobActions):
    """A list whose rows are jobs and searches; its keys are for the one under the cursor."""

    @property
    def _search(self) -> ListedSearch | None:
        """The search under the cursor; None if there is a job."""
        key = self._table.cursor_key
        return self.session.job_list.state.searches.get(key) if key is not None and self._loaded is not None else None

    @property
    def _job_name(self) -> str | None:
        """The job under the cursor, or the best trial of a search."""
        if (listed := self._search) is None:
            return super()._job_name
        best = listed.search.best if listed.search is not None else None
        return best.name if best is not None else None

    def offers(self, action_id: str) -> bool:
        """Return whether an action makes sense for the row."""
        if self._loaded is None or (listed := self._search) is None:
            return super().offers(action_id)
        if action_id == "stop_job":
            return listed.is_running
        if action_id in ("clone_job", "download_job"):
            return listed.best_value is not None
        return action_id not in ("mark_job", "compare_jobs", "retry_job", "open_fix") and super().offers(action_id)

    def action_stop(self) -> None:
        """Stop the job, or the search, after asking."""
        if (listed := self._search) is None:
            super().action_stop()
        elif listed.search is not None:
            self._stop_search(listed)

    @flow("stop")
    async def _stop_search(self, listed: ListedSearch) -> None:
        if listed.search is not None:
            await stop_search(self, listed.search, self._stop_keys)

    def action_clone(self) -> None:
        """Clone the job's settings, or those of the best trial, into the draft."""
        if self._search is None:
            super().action_clone()
        elif (name := self._job_name) is not None:
            self._clone_best(name)
        else:
            self.say(NO_BEST, Status.WARNING)

    @flow("clone")
    async def _clone_best(self, name: str) -> None:
        services = self.session.services
        self.say(f"Reading {name} …")
        cloned = await self.call(lambda: services.reruns.clone(name))
        await take_into_draft(self, TakenRun(cloned.run, name, caution=cloned.note))

    def action_download(self) -> None:
        """Download the job's model, or that of the best trial."""
        if self._search is not None and self._job_name is None:
            self.say(NO_BEST, Status.WARNING)
        else:
            super().action_download()
