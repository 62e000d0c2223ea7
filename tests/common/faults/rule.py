"""Fault rules: which call is struck, by what, and how often."""

from __future__ import annotations

import random
import re
import threading
from collections import deque
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from jsft_tui.sandbox.http.routing import Destination

MAX_RECORDED_CALLS = 10_000


class Fault(Enum):
    """What happens to a call. The value is its name in a rule."""

    # The sandbox never sees the call: it is answered in its place, or not at all.
    THROTTLE = "throttle"
    INTERNAL = "500"
    UNAVAILABLE = "503"
    EXPIRED = "expired"
    DENIED = "denied"
    QUOTA = "quota"
    SKEW = "skew"
    """The client's clock is off."""
    REGION = "region"
    """The bucket, or the signature, belongs to another region."""
    HTML_OK = "html-200"
    HTML_FORBIDDEN = "html-403"
    HTML_UNAVAILABLE = "html-503"
    PORTAL = "portal"
    """A redirect to the sign-in page of a network."""
    RESET = "reset"
    CLOSE = "close"
    HALF_OPEN = "half-open"
    """The connection stays open and nothing ever comes back."""

    # The sandbox carries the call out; how its answer comes back is another thing.
    SLOW = "slow"
    HOLD = "hold"
    """The call waits until other rules are set: what comes before it and what after does not depend on time then."""
    LOST = "lost"
    """The connection is reset before the answer."""
    SLOW_BODY = "slow-body"
    DRIP = "drip"
    """The body comes byte by byte."""
    TRUNCATE = "truncate"
    """The connection is closed in the middle of the body."""
    RESET_MIDDLE = "reset-middle"
    EMPTY = "empty"
    WRONG_TYPE = "wrong-type"
    """The values in the document are of other types."""
    MALFORMED = "malformed"
    """The document ends in the middle, and the answer's length says that this is all."""
    FLIP = "flip"
    """One bit of the body is another."""


@dataclass(frozen=True)
class Rule:
    """When a fault strikes, and which.

    Attributes:
        do: the fault.
        service: botocore's name of the service, or `*`.
        operation: a regular expression that the operation's name has to match in full.
        times: how often; None: always.
        skip: how many matching calls are left in peace first.
        probability: of striking, from 0 to 1.
        seconds: the pause of a slow answer, or between two bytes; the longest that a call is held or half open.
        carry_out: whether the sandbox carries out a call that is answered in its place.
    """

    do: Fault
    service: str = "*"
    operation: str = ".*"
    times: int | None = None
    skip: int = 0
    probability: float = 1.0
    seconds: float = 2.0
    carry_out: bool = False

    def matches(self, destination: Destination) -> bool:
        """Return whether the rule is still in force and means this call."""
        if self.times is not None and self.times <= 0:
            return False
        named = self.service in ("*", destination.service)
        return named and re.fullmatch(self.operation, destination.operation) is not None


@dataclass(frozen=True)
class Strike:
    """A fault that strikes a call: by which rule, and what is set as soon as other rules are in force."""

    rule: Rule
    over: threading.Event


def parse_rules(document: Any) -> list[Rule]:
    """Return the rules that a JSON document describes: a list of objects with the fields of `Rule`.

    Raises:
        ValueError: it does not describe rules.
    """
    try:
        rules = [Rule(**{**entry, "do": Fault(entry["do"])}) for entry in document]
        for rule in rules:
            re.compile(rule.operation)
    except (TypeError, KeyError, re.error) as error:
        raise ValueError(f"these are not fault rules: {error}") from error
    return rules


class RuleBook:
    """The rules in force, and the calls that arrived. The first rule that matches a call decides."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._over = threading.Event()
        self._denied_actions: list[str] = []
        self._calls: deque[Destination] = deque(maxlen=MAX_RECORDED_CALLS)

    def set_rules(self, rules: list[Rule]) -> None:
        """Replace the rules; the calls that the former ones hold go on."""
        with self._lock:
            self._rules = list(rules)
            over, self._over = self._over, threading.Event()
        over.set()

    def set_denied_actions(self, actions: list[str]) -> None:
        """Let IAM's policy simulation deny these actions (regular expressions)."""
        with self._lock:
            self._denied_actions = list(actions)

    def denied_actions(self) -> list[str]:
        """Return the actions that the policy simulation is to deny."""
        with self._lock:
            return self._denied_actions

    def record(self, destination: Destination) -> None:
        """Remember a call."""
        self._calls.append(destination)

    def calls(self) -> list[dict[str, str]]:
        """Return the calls that arrived, oldest first."""
        return [{"service": c.service, "operation": c.operation, "region": c.region} for c in list(self._calls)]

    def forget_calls(self) -> None:
        """Start a new record of calls."""
        self._calls.clear()

    def strike(self, destination: Destination) -> Strike | None:
        """Return what strikes this call, if anything does, and count it."""
        with self._lock:
            for number, rule in enumerate(self._rules):
                if not rule.matches(destination) or random.random() >= rule.probability:
                    continue
                if rule.skip:
                    self._rules[number] = replace(rule, skip=rule.skip - 1)
                    continue
                if rule.times is not None:
                    self._rules[number] = replace(rule, times=rule.times - 1)
                return Strike(rule, self._over)
        return None
