"""What a person at work has before them: the services of a target, the draft, and what is known by now."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsft_tui.core.customization.recipes.choice import is_spec_for
from jsft_tui.core.run.defaults import Defaults, with_defaults
from jsft_tui.core.run.draft import gaps
from jsft_tui.services.jobs.alerts import AlertTracker
from jsft_tui.services.settings.drafts import Drafts
from jsft_tui.services.settings.recents import Recents
from jsft_tui.services.target.target_files import own_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from jsft_tui.core.account.identity import Identity
    from jsft_tui.core.account.target import Target
    from jsft_tui.core.catalog.cards import ModelCard
    from jsft_tui.core.catalog.spec.spec import ModelSpec
    from jsft_tui.core.common.errors import Problem
    from jsft_tui.core.jobs.metrics.log_metrics import Progress
    from jsft_tui.core.preflight.review import Review
    from jsft_tui.core.run.run import Run
    from jsft_tui.core.sizing.pricing import Price
    from jsft_tui.services.session.asking import Attempt
    from jsft_tui.services.session.services import Services


@dataclass(frozen=True)
class Fact:
    """Something to find out about the target: `ask` is called in a thread, the value is given to `take`."""

    name: str
    ask: Callable[[], Any]
    take: Callable[[Any], None]
    missed: Callable[[Problem], None]


class Session:
    """One target at work. Everything here belongs to the thread that shows it; `Fact.ask` and the board's own questions
    run elsewhere.
    """

    def __init__(self, services: Services, folder: Path, now: Callable[[], float] = time.time) -> None:
        """`folder` holds drafts and recent places; `now` tells the time in epoch seconds.

        Raises:
            Problem: JumpStart is not in the target's region.
        """
        self.services = services
        self.cards: Sequence[ModelCard] = services.catalog.cached_cards()
        """The models as they were when the catalog was last synced; none before that."""
        self.now = now
        self.drafts = Drafts(own_file(folder / "drafts", services.target))
        self.job_list = services.job_list
        self.endpoint_list = services.endpoint_list
        self.alerts = AlertTracker()
        self.job_progress: dict[str, Progress] = {}
        """Job -> its epochs, as far as a log was read."""
        self.attempts: dict[str, list[Attempt]] = {}
        """Endpoint or job -> what its model was asked since the target was opened, the newest last."""
        self.caps: Mapping[str, float] = {}
        """Job -> USD that its own run may cost, of the jobs that were launched from here."""
        self.recents = Recents(own_file(folder / "recents", services.target))
        self.identity: Identity | None = None
        self.defaults = Defaults()
        self.prices: Mapping[str, Price] | None = None
        self.quotas: Mapping[str, float] | None = None
        self.spec: ModelSpec | None = None
        self._reviewed: tuple[Run, Review] | None = None
        self.problems: dict[str, Problem] = {}
        """Fact -> why it could not be found out."""

    @property
    def target(self) -> Target:
        """Where calls go."""
        return self.services.target

    def cap_of(self, job: str) -> float | None:
        """USD that a job may cost: its own run's cap, else the settings'; None without one."""
        return self.caps.get(job, self.services.config.max_cost_usd)

    @property
    def run(self) -> Run:
        """The draft with the target's defaults filled in."""
        return with_defaults(self.drafts.run, self.defaults)

    @property
    def review(self) -> Review | None:
        """The findings of the draft as it is now; None when it was not checked since it was changed."""
        if self._reviewed is None or self._reviewed[0] != self.run:
            return None
        return self._reviewed[1]

    def keep_review(self, run: Run, review: Review) -> None:
        """Keep all findings of a run (with the target's defaults), for every screen."""
        self._reviewed = run, review

    @property
    def is_complete(self) -> bool:
        """Whether the draft can be checked."""
        return not gaps(self.run)

    def facts(self) -> tuple[Fact, ...]:
        """Return the calls to make when the target was opened."""
        return (
            self._fact("identity", lambda: self.services.account.iam.identity()),
            self.defaults_fact(),
            self._fact("prices", lambda: self.services.prices.table()),
            self._fact("quotas", lambda: self.services.quotas.applied()),
        )

    def defaults_fact(self) -> Fact:
        """Role, output and so on for runs that do not say."""
        return self._fact("defaults", lambda: self.services.defaults)

    def spec_fact(self) -> Fact | None:
        """Return the call for the spec of the draft's model; None if there is none or it is known."""
        run = self.drafts.run
        model, wanted = run.model, run.customization
        if not model.id:
            self.spec = None
            return None
        if self.spec is not None and self.spec.model_id == model.id:
            if self.spec.version == model.version and is_spec_for(self.spec, wanted):
                return None
        else:
            self.spec = None

        def is_wanted() -> bool:
            now = self.drafts.run
            return (now.model.id, now.model.version, now.customization) == (model.id, model.version, wanted)

        return self._fact("spec", lambda: self.services.planning.spec_of(run), is_wanted)

    def _fact(self, name: str, ask: Callable[[], Any], is_wanted: Callable[[], bool] = lambda: True) -> Fact:
        def take(value: Any) -> None:
            if is_wanted():
                setattr(self, name, value)
                self.problems.pop(name, None)

        def missed(problem: Problem) -> None:
            if is_wanted():
                self.problems[name] = problem

        return Fact(name, ask, take, missed)
