"""The paths over which tests tell the fault proxy what to do."""

from __future__ import annotations

import json

from jsft_tui.sandbox.http.replies import Dialect, Reply, error_reply, json_reply
from jsft_tui.sandbox.http.service import ApiError
from tests.common.faults.messages import Head
from tests.common.faults.rule import RuleBook, parse_rules

CONTROL = "/_faults/"
"""What the paths begin with."""


def answer_control(book: RuleBook, head: Head, body: bytes) -> Reply:
    """Do what a control request says."""
    try:
        document = json.loads(body or b"[]")
        return json_reply(_do(book, head.method, head.target.removeprefix(CONTROL), document))
    except ValueError as error:
        return error_reply(Dialect.JSON, ApiError("ValidationException", str(error)))


def _do(book: RuleBook, method: str, name: str, document: list[str]) -> list[dict[str, str]]:
    if (method, name) == ("PUT", "rules"):
        book.set_rules(parse_rules(document))
    elif (method, name) == ("PUT", "denied-actions"):
        book.set_denied_actions(document)
    elif (method, name) == ("DELETE", "calls"):
        book.forget_calls()
    elif (method, name) == ("GET", "calls"):
        return book.calls()
    else:
        raise ValueError(f"the fault proxy has no {method} {name}")
    return []
