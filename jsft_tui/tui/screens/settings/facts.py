"""What is found out of the target and this machine, for the Settings screen."""

from __future__ import annotations

from pathlib import Path

from jsft_tui.services.session.session import Session
from jsft_tui.tui.screens.settings.rows import Fact, FactRow


def fact_rows(session: Session, config_file: Path) -> list[FactRow]:
    """Return the facts; one that could not be found out says why."""
    target, identity = session.target, session.identity
    problem = session.problems.get("identity")
    unknown = f"? {problem}" if problem else "…"
    endpoint = target.endpoint or target.endpoint_label
    return [
        FactRow(Fact.ACCOUNT, identity.account if identity else unknown, "credentials"),
        FactRow(Fact.IDENTITY, identity.arn if identity else unknown, "credentials"),
        FactRow(Fact.REGION, target.region, "target"),
        *([FactRow(Fact.ENDPOINT, endpoint, "target")] if endpoint else []),
        FactRow(Fact.CONFIG_FILE, str(config_file)),
    ]
