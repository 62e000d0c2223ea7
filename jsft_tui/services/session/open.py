"""Opening a target: from what was said on the command line to the services of the target that is meant."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jsft_tui.core.account.sign_in import AskCode, no_terminal_for_code
from jsft_tui.services.target.resolve import TargetChoice, resolve_target

if TYPE_CHECKING:
    from pathlib import Path

    from jsft_tui.config import Config
    from jsft_tui.paths import Paths
    from jsft_tui.services.session.services import Services
    from jsft_tui.services.session.session import Session


@dataclass(frozen=True)
class SessionFactory:
    """What is needed to open a target."""

    choice: TargetChoice
    paths: Paths
    config: Config
    file: Path | None = None
    """The settings file that was named; None for the usual one."""
    ask_code: AskCode = field(default=no_terminal_for_code, kw_only=True)
    """Asks for the MFA code that a profile wants."""

    @property
    def config_file(self) -> Path:
        """The file that the settings are read from, whether it is there or not."""
        return self.file or self.paths.config_file

    def open_services(self) -> Services:
        """Create the services of the target; start the sandbox if that is the target.

        Raises:
            Problem: contradicting choices, no region, or no sandbox.
        """
        from jsft_tui.services.session.services import Services
        from jsft_tui.services.target.sandbox import Sandbox

        sandbox = Sandbox(self.paths.sandbox)
        target = resolve_target(self.choice, self.config, sandbox)
        base = sandbox.defaults() if target.sandbox else None
        return Services(target, self.paths, self.config, base, self.ask_code)

    def open_running_services(self) -> Services:
        """Create the services of the target; a sandbox that does not run stays so.

        Raises:
            Problem: see `open_services` (code `SandboxStopped`: it is the sandbox, and does not run).
        """
        from jsft_tui.services.session.services import Services
        from jsft_tui.services.target.sandbox import RunningSandbox

        target = resolve_target(self.choice, self.config, RunningSandbox(self.paths.sandbox))
        return Services(target, self.paths, self.config)

    def open_session(self) -> Session:
        """Create a session: the services, the draft, and the data loaded so far.

        Raises:
            Problem: see `open_services`.
        """
        from jsft_tui.services.session.session import Session

        return Session(self.open_services(), self.paths.state)

    def in_sandbox(self) -> SessionFactory:
        """Return a factory for the sandbox with the same options."""
        return replace(self, choice=TargetChoice(sandbox=True, read_only=self.choice.read_only))

    def browsing(self) -> SessionFactory:
        """Return a factory for the public catalog: nobody has to be signed in, and nothing can be changed."""
        choice = replace(self.choice, sandbox=False, aws=True, read_only=True, public=True)
        return replace(self, choice=choice)

    def elsewhere(self, profile: str | None, region: str | None) -> SessionFactory:
        """Return a factory for another profile or region with the same options; a profile alone has its own region."""
        own = profile is not None and region is None
        choice = TargetChoice(profile, region, read_only=self.choice.read_only, aws=True, own_region=own)
        return replace(self, choice=choice)
