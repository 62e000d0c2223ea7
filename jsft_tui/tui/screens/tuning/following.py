"""A screen that follows one search: begins, pauses behind other screens, comes back, and says what goes wrong."""

from __future__ import annotations

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.jobs.follow import Trouble
from jsft_tui.services.tuning.follow import Event, Finished, SearchFollower
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen

NO_SEARCH = "NoSuchTuningJob"


class SearchFollowing(MasterDetailScreen):
    """Follows the search that the app wants to be shown; a subclass draws it."""

    def __init__(self) -> None:
        super().__init__()
        self._search_name = ""
        self._search: Search | None = None
        self._follower: SearchFollower | None = None
        self._is_following = self._has_ended = False
        self._problem: Problem | None = None
        """Why nothing is told of the search any more."""
        self._said_trouble = self._was_running = False

    # What a subclass says

    def begun(self) -> None:
        """Another search is shown from now on."""
        raise NotImplementedError

    def draw_search(self) -> None:
        """Draw what is known of the search."""
        raise NotImplementedError

    # Beginning and leaving

    def load(self) -> None:
        """Another target: forget the search."""
        self.leave_search()
        self._search_name, self._search = "", None

    def begin(self, name: str) -> None:
        """Follow another search, beginning with what the list of jobs knows of it."""
        self.leave_search()
        self._search_name, self._problem = name, None
        self._has_ended = self._was_running = False
        self._follower = self.session.services.searches.watch(name)
        listed = self.session.job_list.state.searches.get(name)
        self._search = listed.search if listed is not None else None
        if self._search is not None:
            self._follower.know(self._search)
        self.begun()
        self.say("")

    def leave_search(self) -> None:
        """Follow nothing."""
        self.put_aside()
        self.cancel("follow")
        self._follower, self._is_following = None, False

    def put_aside(self) -> None:
        """Ask nothing while nobody looks."""
        if self._follower is not None:
            self._follower.stop()

    def on_screen_suspend(self) -> None:
        """Behind another screen nothing is asked; behind a dialog the search is still looked at."""
        if self.jsft.work_screen is not self:
            self.put_aside()

    def on_unmount(self) -> None:
        """Stop following when the program ends."""
        self.put_aside()

    def follow(self) -> None:
        """Follow on, unless it is followed already, or over."""
        if (follower := self._follower) is None or self._has_ended or self._problem is not None:
            return
        follower.resume()
        if not self._is_following:
            self._is_following = True
            self._read_events(follower)

    def read_again(self) -> None:
        """Begin anew."""
        if self._search_name:
            known = self._search
            self.begin(self._search_name)
            self._search = self._search or known
            self.follow()

    # Events

    @flow("follow")
    async def _read_events(self, follower: SearchFollower) -> None:
        def read(reporter: Reporter[Event]) -> None:
            for event in follower.events():
                reporter.tell(event)

        try:
            await self.call_with_progress(read, self._told)
        except Problem as problem:
            self._is_following, self._problem = False, problem
            self.say_problem(problem)
            self.draw_search()
        else:
            self._is_following = False
            if self.jsft.work_screen is self:  # paused because of another screen, and the person is back already
                self.follow()

    def _told(self, event: Event) -> None:
        if isinstance(event, Trouble):
            problem = self.jsft.told(event.problem)
            is_signed_out = problem is not event.problem
            brief = f"{event.since_when.capitalize()}, trying again. {problem.remedy}"
            self.say(brief if is_signed_out else event.text, Status.WARNING)
            self._said_trouble = True
            return
        if self._said_trouble:
            self._said_trouble = False
            self.say("")
            self.jsft.signed_in()
        self._search = event.search
        self._was_running = self._was_running or not event.search.job.status.is_final
        self.session.job_list.learn_search(event.search)
        if isinstance(event, Finished):
            self._has_ended = True
            if self._was_running:
                self._say_ended(event.search)
        self.draw_search()

    def _say_ended(self, search: Search) -> None:
        status = search.job.status
        best = f", the best is {search.best.short_name}" if search.best is not None else ""
        self.say(f"The search has ended ({status.value}){best}.", status.as_status)
