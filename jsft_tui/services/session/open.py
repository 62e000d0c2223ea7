"""Opening a target: from what was said on the command line to the services of the target that is meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from jsft_tui.config import Config
from jsft_tui.paths import Paths
from jsft_tui.services.session.services import Services
from jsft_tui.services.session.session import Session
from jsft_tui.services.target.resolve import TargetChoice, resolve_target
from jsft_tui.services.target.sandbox import Sandbox


@dataclass(frozen=True)
class SessionFactory:
    """What is needed to open a target."""

    choice: TargetChoice
    paths: Paths
    config: Config
    file: Path | None = None
    """The settings file that was named; None for the usual one."""

    @property
    def config_file(self) -> Path:
        """The file that the settings are read from, whether it is there or not."""
        return self.file or self.paths.config_file

    def open_services(self) -> Services:
        """The services of the target; the sandbox is started when it is the one.

        Raises:
            Problem: contradicting choices, no region, or no sandbox.
        """
        sandbox = Sandbox(self.paths.sandbox)
        target = resolve_target(self.choice, self.config, sandbox)
        base = sandbox.defaults() if target.sandbox else None
        return Services(target, self.paths, self.config, base)

    def open_session(self) -> Session:
        """The same, with the draft and what else belongs to a person at work.

        Raises:
            Problem: see `open_services`.
        """
        services = self.open_services()
        services.catalog  # noqa: B018  (a region without JumpStart is told here, in a thread)
        session = Session(services, self.paths.state)
        session.unsettled = services.launcher.unsettled()
        return session

    def in_sandbox(self) -> SessionFactory:
        """The same person in the sandbox."""
        return replace(self, choice=TargetChoice(sandbox=True, read_only=self.choice.read_only))

    def elsewhere(self, profile: str | None, region: str | None) -> SessionFactory:
        """The same person with another profile or region."""
        return replace(self, choice=TargetChoice(profile, region, read_only=self.choice.read_only, aws=True))
