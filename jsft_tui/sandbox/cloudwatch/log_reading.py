"""Read log events: positions, page tokens, and pages of at most 10,000 events or 1 MiB."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.sandbox.http.page_token import read_token, write_token
from jsft_tui.sandbox.http.service import ApiError

PAGE_EVENTS = 10_000
PAGE_BYTES = 1_048_576
EVENT_OVERHEAD = 26

_FAR = 1 << 62
"""Greater than every timestamp and every event number."""

Position = tuple[int, int]
"""The position of an event: its timestamp and its number, which increases with every stored event."""


@dataclass(frozen=True)
class LogEvent:
    """One event: the name of its stream, its timestamp and its ingestion time (milliseconds since the epoch)."""

    stream: str
    time: int
    number: int
    ingested: int
    message: str

    @property
    def position(self) -> Position:
        """The position among all events."""
        return self.time, self.number


def events_between(
    db: sqlite3.Connection, streams: Mapping[int, str], after: Position, before: Position, *, descending: bool
) -> Iterator[LogEvent]:
    """Yield the events of the streams strictly between two positions."""
    marks = ",".join("?" * len(streams))
    direction = "DESC" if descending else "ASC"
    cursor = db.execute(
        f"SELECT stream_id, time, number, ingested, message FROM events WHERE stream_id IN ({marks}) "
        f"AND (time, number) > (?,?) AND (time, number) < (?,?) ORDER BY time {direction}, number {direction}",
        (*streams, *after, *before),
    )
    return (LogEvent(streams[stream_id], *row) for stream_id, *row in cursor)


def one_page(rows: Iterator[LogEvent], wanted: Mapping[str, Any]) -> tuple[list[LogEvent], bool]:
    """Return as many events as fit on a page (at least one), and whether there are more."""
    limit, room = int(wanted.get("limit") or PAGE_EVENTS), PAGE_BYTES
    page: list[LogEvent] = []
    for event in rows:
        room -= size_in_bytes(event.message)
        if page and (room < 0 or len(page) == limit):
            return page, True
        page.append(event)
    return page, False


def reading_window(wanted: Mapping[str, Any]) -> tuple[Position, Position, bool]:
    """Return the positions between which GetLogEvents reads, and whether it reads from the oldest event on."""
    after, before = time_range(wanted)
    token = wanted.get("nextToken")
    if not token:
        return after, before, bool(wanted.get("startFromHead"))
    position = read_position(token[2:])
    if token[:2] == "f/":
        return max(after, position), before, True
    if token[:2] == "b/":
        return after, min(before, position), False
    raise invalid_parameter("The specified nextToken is invalid.")


def edge_position(wanted: Mapping[str, Any], *, is_forward: bool) -> Position:
    """Return the position for a token of an empty page: reading on must give the same token again."""
    token = wanted.get("nextToken")
    if not token:
        after, _ = time_range(wanted)
        # No token yet: forward continues from the start of the range; backward finds nothing before it.
        return after if is_forward else (after[0], after[1] + 1)
    time_ms, number = read_position(token[2:])
    was_forward = token[0] == "f"
    if was_forward == is_forward:
        return time_ms, number
    return (time_ms, number + 1) if was_forward else (time_ms, number - 1)


def time_range(wanted: Mapping[str, Any]) -> tuple[Position, Position]:
    """Return the positions around startTime (inclusive) and endTime (exclusive)."""
    start, end = wanted.get("startTime"), wanted.get("endTime")
    return (0 if start is None else start, -1), (_FAR if end is None else end, -1)


def position_token(direction: str, position: Position) -> str:
    """Return a token that continues from a position; `direction` is `f` or `b`."""
    return f"{direction}/{write_token(position)}"


def read_position(token: str) -> Position:
    """Return the position in a token (without its direction).

    Raises:
        ApiError: `InvalidParameterException`, the token is not valid.
    """
    try:
        time_ms, number = read_token(token)
        return int(time_ms), int(number)
    except (TypeError, ValueError) as error:
        raise invalid_parameter("The specified nextToken is invalid.") from error


def size_in_bytes(message: str) -> int:
    """Return the size that AWS counts for a message: its UTF-8 bytes plus 26 (PutLogEvents)."""
    return len(message.encode(errors="replace")) + EVENT_OVERHEAD


def invalid_parameter(message: str) -> ApiError:
    """Return the error for a parameter that CloudWatch Logs does not accept."""
    return ApiError("InvalidParameterException", message)
