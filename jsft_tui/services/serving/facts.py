"""What is known of endpoints beside their description: how often they were called, what they wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jsft_tui.aws.account import Account
from jsft_tui.core.common.errors import SIGNED_OUT, Problem
from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.core.serving.endpoint import Endpoint, EndpointStatus
from jsft_tui.core.serving.traffic import HOUR, KNOWN_FOR, Calls
from jsft_tui.services.background.polling import LOCAL, REMOTE, Clock
from jsft_tui.services.jobs.log_tail import LogTail, log_or_missing
from jsft_tui.services.serving.watching import Watcher


class EndpointFacts:
    """Calls and logs of one target's endpoints."""

    def __init__(self, account: Account, clock: Clock | None = None) -> None:
        self._account, self._clock = account, clock or Clock()
        self.unknown: Problem | None = None
        """Why the calls could not be read, the last time that they were asked for; None where they were."""

    def calls(self, endpoints: Sequence[Endpoint], now: float) -> Mapping[str, Calls]:
        """Return the calls by endpoint; without those that are not known.

        Raises:
            Problem: nobody is signed in.
        """
        self.unknown = None
        variants = {each.name: each.variant_names for each in endpoints if each.variant_names}
        if not variants:
            return {}
        try:
            begun = now - now % HOUR  # periods of whole hours, the one that is not over included
            return self._account.traffic.calls(variants, begun - KNOWN_FOR, begun + HOUR)
        except Problem as problem:
            if problem.code in SIGNED_OUT:
                raise
            self.unknown = problem
            return {}

    def log(self, name: str) -> Iterator[LogLine]:
        """Return the log of an endpoint so far, in time order.

        Raises:
            Problem: there is no such endpoint and no log of one (`NoSuchEndpoint`), or it cannot be read.
        """
        logs, describe = self._account.endpoint_logs(name), self._account.serving.describe
        return log_or_missing(logs, name, lambda: describe(name))

    def watch(self, name: str, *, until_in_service: bool = False) -> Watcher[Endpoint]:
        """Return what follows the states and the log of an endpoint, until it is gone or has failed.

        Args:
            name: the endpoint.
            until_in_service: whether that is the end, too; the log is not read then.
        """
        over = _ENDED | ({EndpointStatus.IN_SERVICE} if until_in_service else frozenset())
        tail = None if until_in_service else LogTail(self._account.endpoint_logs(name), name)
        cadence = LOCAL if self._account.target.endpoint else REMOTE
        return Watcher(
            lambda: self._account.serving.describe(name),
            lambda found: found.status in over,
            tail,
            cadence,
            self._clock,
        )


_ENDED = frozenset({EndpointStatus.FAILED})
