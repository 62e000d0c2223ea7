"""A running sandbox whose calls can be made to fail."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from tests.common.effort import PATIENCE
from tests.common.faults.control import CONTROL
from tests.sandbox.running import NO_PROXY, RunningSandbox


class FaultySandbox(RunningSandbox):
    """A sandbox behind a fault proxy, in a child process; without rules it is as any other."""

    module = "tests.common.faults"

    def set_faults(self, *rules: dict[str, Any]) -> None:
        """Replace the fault rules (the fields of `Rule`); none: a good day."""
        self._tell("PUT", "rules", list(rules))

    def set_denied_actions(self, *patterns: str) -> None:
        """Let IAM's policy simulation deny the actions that match one of these regular expressions."""
        self._tell("PUT", "denied-actions", list(patterns))

    def calls(self) -> list[tuple[str, str]]:
        """Return the (service, operation) of the calls that arrived since `forget_calls`."""
        return [(call["service"], call["operation"]) for call in self._tell("GET", "calls")]

    def forget_calls(self) -> None:
        """Start a new record of calls."""
        self._tell("DELETE", "calls")

    def _tell(self, method: str, name: str, document: Any = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self.info["endpoint"] + CONTROL + name, data=body, method=method)
        with NO_PROXY.open(request, timeout=PATIENCE) as reply:
            return json.load(reply)
