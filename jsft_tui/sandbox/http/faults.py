"""Faults on demand, for tests: the errors of a bad day, as each AWS protocol words them.

Only a server that was started with `--faults` has them. Rules are set with `POST /_sandbox/faults`; the first
one that matches a call decides.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from jsft_tui.sandbox.http.protocol import ApiError
from jsft_tui.sandbox.http.replies import Dialect, Reply
from jsft_tui.sandbox.http.routing import Destination

MAX_RECORDED_CALLS = 10_000


class Action(Enum):
    """What happens to a call."""

    THROTTLE = "throttle"
    EXPIRED = "expired"
    DENIED = "denied"
    INTERNAL = "500"
    SLOW = "slow"
    HOLD = "hold"
    """The call waits until other rules are set: what comes before it and what after does not depend on time then."""
    RESET = "reset"
    LOST = "lost"
    """The call is carried out, but the connection breaks before the answer."""
    TRUNCATE = "truncate"


@dataclass(frozen=True)
class Rule:
    """When a fault strikes, and which.

    Attributes:
        do: the fault.
        service: botocore's name of the service, or `*`.
        operation: a regular expression that the operation's name has to match in full.
        times: how often; None: always.
        probability: of striking, from 0 to 1.
        seconds: the delay of a slow answer, and the longest that a call is held.
    """

    do: Action
    service: str = "*"
    operation: str = ".*"
    times: int | None = None
    probability: float = 1.0
    seconds: float = 2.0


@dataclass(frozen=True)
class Strike:
    """A fault that strikes a call: by which rule, and what is set as soon as other rules are in force."""

    rule: Rule
    over: threading.Event


# Not checked against AWS: the statuses, and EC2's codes; "Common errors" of each API reference has the codes.
_ERRORS = {
    Action.THROTTLE: {
        Dialect.S3: ApiError("SlowDown", "Please reduce your request rate.", 503),
        Dialect.EC2: ApiError("RequestLimitExceeded", "Request limit exceeded.", 503),
        Dialect.QUERY: ApiError("Throttling", "Rate exceeded", 400),
        Dialect.JSON: ApiError("ThrottlingException", "Rate exceeded", 400),
    },
    Action.EXPIRED: {
        Dialect.S3: ApiError("ExpiredToken", "The provided token has expired.", 400),
        Dialect.EC2: ApiError("RequestExpired", "Request has expired.", 400),
        Dialect.QUERY: ApiError("ExpiredToken", "The security token included in the request is expired", 403),
        Dialect.JSON: ApiError("ExpiredTokenException", "The security token included in the request is expired", 400),
    },
    Action.DENIED: {
        Dialect.S3: ApiError("AccessDenied", "Access Denied", 403),
        Dialect.EC2: ApiError("UnauthorizedOperation", "You are not authorized to perform this operation.", 403),
        Dialect.QUERY: ApiError("AccessDenied", "User is not authorized to perform this action", 403),
        Dialect.JSON: ApiError("AccessDeniedException", "User is not authorized to perform this action", 400),
    },
    Action.INTERNAL: {
        Dialect.S3: ApiError("InternalError", "We encountered an internal error. Please try again.", 500),
        Dialect.EC2: ApiError("InternalError", "An internal error has occurred.", 500),
        Dialect.QUERY: ApiError("InternalFailure", "The request processing has failed.", 500),
        Dialect.JSON: ApiError("InternalFailure", "The request processing has failed.", 500),
    },
}


def parse_rules(document: Any) -> list[Rule]:
    """The rules that a JSON document describes: a list of objects with the fields of `Rule`.

    Raises:
        ApiError: it does not describe rules.
    """
    try:
        rules = [Rule(**{**entry, "do": Action(entry["do"])}) for entry in document]
        for rule in rules:
            re.compile(rule.operation)
    except (TypeError, ValueError, KeyError, re.error) as error:
        raise ApiError("ValidationException", f"These are not fault rules: {error}") from error
    return rules


class Faults:
    """The rules in force, and the calls that arrived."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._over = threading.Event()
        self._denied_actions: list[str] = []
        self._calls: deque[Destination] = deque(maxlen=MAX_RECORDED_CALLS)

    def set_rules(self, rules: list[Rule]) -> None:
        """Put these rules in the place of the ones before; the calls that those held go on."""
        with self._lock:
            self._rules = list(rules)
            over, self._over = self._over, threading.Event()
        over.set()

    def set_denied_actions(self, actions: list[str]) -> None:
        """Let the policy simulation deny these IAM actions (regular expressions)."""
        with self._lock:
            self._denied_actions = list(actions)

    def denies(self, action: str) -> bool:
        """Whether the policy simulation is to deny an IAM action."""
        with self._lock:
            return any(re.fullmatch(pattern, action) for pattern in self._denied_actions)

    def record(self, destination: Destination) -> None:
        """Remember a call."""
        self._calls.append(destination)

    def calls(self) -> list[dict[str, str]]:
        """The calls that arrived, oldest first."""
        return [{"service": c.service, "operation": c.operation, "region": c.region} for c in list(self._calls)]

    def forget_calls(self) -> None:
        """Start a new record of calls."""
        self._calls.clear()

    def strike(self, destination: Destination) -> Strike | None:
        """What strikes this call, if anything does; the count of its rule goes down."""
        with self._lock:
            for number, rule in enumerate(self._rules):
                if not _matches(rule, destination) or random.random() >= rule.probability:
                    continue
                if rule.times is not None:
                    self._rules[number] = replace(rule, times=rule.times - 1)
                return Strike(rule, self._over)
        return None


def before_call(strike: Strike, dialect: Dialect) -> Reply | None:
    """Do what the rule does before the call is carried out; a reply takes the place of the call.

    Raises:
        ApiError: the fault is an error.
    """
    rule = strike.rule
    if rule.do is Action.SLOW:
        time.sleep(rule.seconds)
    elif rule.do is Action.HOLD:
        strike.over.wait(rule.seconds)
    elif rule.do is Action.RESET:
        return Reply(0, abort=True)
    elif rule.do in _ERRORS:
        spoken = Dialect.JSON if dialect is Dialect.CBOR else dialect
        error = _ERRORS[rule.do][spoken]
        raise ApiError(error.code, error.message, error.status)
    return None


def after_call(rule: Rule, reply: Reply) -> Reply:
    """Do what the rule does to the answer."""
    if rule.do is Action.LOST:
        return Reply(0, abort=True)
    if rule.do is Action.TRUNCATE:
        return _truncated(reply)
    return reply


def _matches(rule: Rule, destination: Destination) -> bool:
    if rule.times is not None and rule.times <= 0:
        return False
    return rule.service in ("*", destination.service) and bool(re.fullmatch(rule.operation, destination.operation))


def _truncated(reply: Reply) -> Reply:
    if isinstance(reply.body, bytes):
        length = len(reply.body)
        headers = (*reply.headers, ("Content-Length", str(length)))
        return Reply(reply.status, reply.body[: length // 2], headers, abort=True)
    length = next(int(value) for name, value in reply.headers if name == "Content-Length")
    return Reply(reply.status, _first(reply.body, length // 2), reply.headers, abort=True)


def _first(chunks: Iterable[bytes], count: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk[:count]
        count -= len(chunk)
        if count <= 0:
            return
