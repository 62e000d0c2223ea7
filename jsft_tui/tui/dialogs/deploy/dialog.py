"""The question before a deploy: the instance, how long, what it costs, and what the checks say of that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.deploy.plan import DeployPlan
from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.base.dialog import NOT_NOW, Answer, Dialog
from jsft_tui.tui.dialogs.deploy.lines import Shown, deploy_lines, lifetime_words
from jsft_tui.tui.widgets.text.text_pane import TextPane, wrapped_rows


class Wanted(Enum):
    """What the person wants to do."""

    DEPLOY = "deploy"
    INSTANCE = "instance"
    COUNT = "count"
    LIFETIME = "lifetime"
    NAME = "name"
    MODE = "mode"


@dataclass(frozen=True)
class Checked:
    """A deployment that was checked."""

    plan: DeployPlan
    findings: Sequence[Finding]

    @property
    def is_blocked(self) -> bool:
        """Whether it would be refused, or fail."""
        return verdict(each.level for each in self.findings) is Level.BLOCK


class DeployDialog(Dialog[Wanted]):
    """Returns what the person wants; to deploy only once the checks are made and none blocks.

    The checks run while the question is shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "deploy", "Deploy", show=False),
        Binding("i", "want('instance')", "Instance", show=False),
        Binding("c", "want('count')", "Count", show=False),
        Binding("l", "want('lifetime')", "Lifetime", show=False),
        Binding("m", "want('mode')", "Mode", show=False),
        Binding("n", "want('name')", "Name", show=False),
    ]

    def __init__(self, shown: Shown, check: Callable[[Deployment], Checked]) -> None:
        """Create the question.

        Args:
            shown: what it tells.
            check: makes the checks; called in a thread.
        """
        super().__init__(f"Deploy {shown.offer.job}", self._answers_of(shown, is_ready=False))
        self._shown, self._check = shown, check
        self.checked: Checked | None = None
        """The answer of the checks; None while they are made."""
        self._text = TextPane(deploy_lines(shown))

    @staticmethod
    def _answers_of(shown: Shown, *, is_ready: bool) -> tuple[Answer, ...]:
        lasts = shown.deployment.lifetime_seconds
        words = "Deploy" if lasts is None else f"Deploy for {lifetime_words(lasts)}"
        return (Answer("enter", words if is_ready else "Checking …"), NOT_NOW)

    def compose_inside(self) -> ComposeResult:
        """Compose what is chosen, what it costs, and what the checks say."""
        yield self._text

    def on_mount(self) -> None:
        """Make the checks."""
        self._text.focus()
        app = cast("BaseApp", self.app)

        async def run() -> None:
            deployment = self._shown.deployment
            try:
                checked = await app.call(lambda: self._check(deployment))
            except Problem as problem:
                finding = Finding("plan", Level.BLOCK, problem.message, problem.remedy)
                self._show((finding,))
            else:
                self.checked = checked
                self._show(checked.findings)

        app.start("dialog deploy", run)

    def _show(self, findings: Sequence[Finding]) -> None:
        if self._is_answered or not self.is_mounted or not self.query("#box"):
            return  # it goes, or the whole program does
        self._shown = self._shown.checked(findings)
        self._text.show(deploy_lines(self._shown))
        if self.is_ready:
            self.show_answers(*self._answers_of(self._shown, is_ready=True))
        else:
            self.show_answers(Answer("esc", "Not now"))
        self.fit()

    @property
    def is_ready(self) -> bool:
        """Whether it may be deployed."""
        return self.checked is not None and not self.checked.is_blocked

    def fit_inside(self, width: int, rows: int) -> None:
        """Take the rows that the lines need, as far as there is room."""
        wanted = sum(len(wrapped_rows(each, width)) for each in deploy_lines(self._shown))
        self._text.styles.height = max(1, min(wanted, rows))

    def action_deploy(self) -> None:
        """Deploy it, if the checks allow that."""
        if self.is_ready:
            self.answer(Wanted.DEPLOY)

    def action_want(self, what: str) -> None:
        """Change something."""
        self.answer(Wanted(what))
