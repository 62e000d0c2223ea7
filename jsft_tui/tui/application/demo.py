"""The demo's draft, which is ready to be launched in the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.base.flow import flow

if TYPE_CHECKING:
    from jsft_tui.services.session.session import Session


class DemoApp(BaseApp):
    """Makes the draft, and says that it is there."""

    wants_demo = False
    """Whether a draft is to be ready in the sandbox."""
    _demo_is_ready = False

    def begin_in_sandbox(self) -> None:
        """Enter the sandbox, and have a draft ready there: nothing else has to be chosen to train a first model."""
        self.wants_demo = True
        self.open_target(self.session_factory.in_sandbox())

    def prepare_demo(self, session: Session) -> None:
        """Have a draft ready, once: that of the last time, when it is complete, else the demo's own."""
        from jsft_tui.core.run.draft import gaps

        if self._demo_is_ready or not self.wants_demo or not session.target.sandbox:
            return
        self._demo_is_ready = True
        if not session.drafts.run.model.id:
            self._make_demo_draft(session)
        elif not gaps(session.run):
            self._say_ready()

    @flow("demo")
    async def _make_demo_draft(self, session: Session) -> None:
        from jsft_tui.services.session.demo import demo_run

        run, session.spec = await self.call(lambda: demo_run(session.services))
        session.drafts.put(run)
        self._say_ready()

    def _say_ready(self) -> None:
        self.say(self.greeting)

    @property
    def greeting(self) -> str:
        """What is said where there is nothing else to say: where a run was made ready, how it goes on."""
        if not self._demo_is_ready or self.session is None or self.session.drafts.is_launched:
            return ""
        from jsft_tui.core.run.draft import gaps

        if gaps(self.session.run):
            return ""
        return f"Your run is ready: {self.key_names.word('go_review')} reviews it."
