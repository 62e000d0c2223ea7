"""What is shown while no account can be reached: how to sign in, and the sandbox."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from jsft_tui.core.account.sign_in import sign_in_command
from jsft_tui.services.target.sandbox import INSTALL, missing_packages
from jsft_tui.tui.base.screen import WorkScreen, screen_bindings
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, fact, line

ABOUT = (
    "jsft fine-tunes Amazon SageMaker JumpStart models from the terminal.",
    "Every run is checked before it costs anything; jobs go on when you leave.",
)
LABEL = 8


class WelcomeScreen(WorkScreen):
    """Nobody is signed in."""

    WHERE = ScreenId.WELCOME
    NEEDS_TARGET = False
    AUTO_FOCUS = "#welcome"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.WELCOME)
    # There is no run yet.
    DEFAULT_CSS = """
    WelcomeScreen RunSummary { display: none; }
    WelcomeScreen RunLine { display: none; }
    WelcomeScreen #welcome { padding: 1 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = TextPane(id="welcome")
        self._missing: list[str] | None = None

    def compose_body(self) -> ComposeResult:
        """A text."""
        yield self._text

    def on_mount(self) -> None:
        """Whether the sandbox is installed is looked up once."""
        self.ask("sandbox", lambda _: missing_packages(), self._installed)

    def _installed(self, missing: list[str]) -> None:
        self._missing = missing
        self.refresh_data()

    def refresh_data(self) -> None:
        """Here there is something to show without a target, too."""
        super().refresh_data()
        if self.is_mounted:
            self._text.show([*map(line, ABOUT), line(""), *self._state(), line(""), *self._ways()])

    def _state(self) -> list[TextLine]:
        problem = self.jsft.problem
        if problem is None:
            return [line(f"{self.jsft.opening_label}".capitalize(), "quiet")]
        code = "No region is known." if problem.code == "NoRegion" else "No AWS account can be reached."
        if problem.code == "SandboxNotInstalled":
            code = "The sandbox is not installed."
        return [line(code, "strong"), line(f"! {problem}", Status.WARNING.value, 2)]

    def _ways(self) -> list[TextLine]:
        problem, choice = self.jsft.problem, self.jsft.session_factory.choice
        profile = None if problem is not None and problem.code == "UnknownProfile" else choice.profile
        keys = "export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…"
        return [
            line(f"Sign in from another terminal, then press {self.key('try_again')} here:", "strong"),
            fact("  SSO", f"{sign_in_command(profile)}   (the first time: aws configure sso)", width=LABEL),
            fact("  keys", f"{keys}, then start jsft", width=LABEL),
            fact("  role", "role_arn and source_profile in ~/.aws/config; on EC2, its role", width=LABEL),
            fact("  region", "export AWS_REGION=us-west-2, or --region, or region in the profile", width=LABEL),
            line(f"Press {self.key('choose_target')} to choose among the profiles and regions of this machine."),
            line(""),
            *self._sandbox(),
        ]

    def _sandbox(self) -> list[TextLine]:
        if self._missing:
            return [line("No account? The sandbox is a pretended AWS on this machine.", "strong"), _install_line()]
        title = f"No account? Press {self.key('enter_sandbox')} for the sandbox: nothing is paid."
        return [line(title, "strong"), line("A pretended AWS on this machine, with models, data and real training.")]

    def action_sandbox(self) -> None:
        """Enter the sandbox."""
        self.jsft.open_target(self.jsft.session_factory.in_sandbox())

    def action_again(self) -> None:
        """Look for credentials again."""
        self.jsft.open_target(self.jsft.session_factory)


def _install_line() -> TextLine:
    return line(f"! It is not installed: {INSTALL}", Status.WARNING.value, 2)
