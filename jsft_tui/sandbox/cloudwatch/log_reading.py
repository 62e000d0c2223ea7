"""Reading log events: positions, page tokens, and pages of at most 10,000 events or 1 MiB."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.sandbox.http.page_token import read_token, write_token
from jsft_tui.sandbox.http.protocol import ApiError

PAGE_EVENTS = 10_000
PAGE_BYTES = 1_048_576
EVENT_OVERHEAD = 26

_FAR = 1 << 62
"""Beyond every timestamp and every event number."""

Position = tuple[int, int]
"""Where an event stands: its time and its number, which grows with every event stored."""


@dataclass(frozen=True)
class LogEvent:
    """One event: its stream's name, its time and the time it came in (milliseconds since the epoch)."""

    stream: str
    time: int
    number: int
    ingested: int
    message: str

    @property
    def position(self) -> Position:
        """Where it stands among all events."""
        return self.time, self.number


def events_between(
    db: sqlite3.Connection, streams: Mapping[int, str], after: Position, before: Position, *, descending: bool
) -> Iterator[LogEvent]:
    """Events of the streams strictly between two positions, in order or backwards."""
    marks = ",".join("?" * len(streams))
    direction = "DESC" if descending else "ASC"
    cursor = db.execute(
        f"SELECT stream_id, time, number, ingested, message FROM events WHERE stream_id IN ({marks}) "
        f"AND (time, number) > (?,?) AND (time, number) < (?,?) ORDER BY time {direction}, number {direction}",
        (*streams, *after, *before),
    )
    return (LogEvent(streams[stream_id], *row) for stream_id, *row in cursor)


def one_page(rows: Iterator[LogEvent], wanted: Mapping[str, Any]) -> tuple[list[LogEvent], bool]:
    """As many rows as fit on a page (one at least), and whether there are more."""
    limit, room = int(wanted.get("limit") or PAGE_EVENTS), PAGE_BYTES
    page: list[LogEvent] = []
    for event in rows:
        room -= size_in_bytes(event.message)
        if page and (room < 0 or len(page) == limit):
            return page, True
        page.append(event)
    return page, False


def reading_window(wanted: Mapping[str, Any]) -> tuple[Position, Position, bool]:
    """Between which positions GetLogEvents reads, and whether from the older end."""
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
    """The position for the tokens of an empty page: the same token again, and its mirror image."""
    token = wanted.get("nextToken")
    if not token:
        after, _ = time_range(wanted)
        # Nothing yet: forward goes on from the start of the range, backward finds nothing before it.
        return after if is_forward else (after[0], after[1] + 1)
    time_ms, number = read_position(token[2:])
    came_forward = token[0] == "f"
    if came_forward == is_forward:
        return time_ms, number
    return (time_ms, number + 1) if came_forward else (time_ms, number - 1)


def time_range(wanted: Mapping[str, Any]) -> tuple[Position, Position]:
    """startTime is part of the range, endTime is not."""
    start, end = wanted.get("startTime"), wanted.get("endTime")
    return (0 if start is None else start, -1), (_FAR if end is None else end, -1)


def position_token(direction: str, position: Position) -> str:
    """A token that reads on from a position: direction `f` or `b`."""
    return f"{direction}/{write_token(position)}"


def read_position(token: str) -> Position:
    """The position in a token (without its direction).

    Raises:
        ApiError: `InvalidParameterException`, it is none of ours.
    """
    try:
        time_ms, number = read_token(token)
        return int(time_ms), int(number)
    except (TypeError, ValueError) as problem:
        raise invalid_parameter("The specified nextToken is invalid.") from problem


def size_in_bytes(message: str) -> int:
    """What a message counts for: its UTF-8 bytes and 26 more (PutLogEvents)."""
    return len(message.encode(errors="replace")) + EVENT_OVERHEAD


def invalid_parameter(message: str) -> ApiError:
    """CloudWatch Logs' refusal of a parameter."""
    return ApiError("InvalidParameterException", message)
