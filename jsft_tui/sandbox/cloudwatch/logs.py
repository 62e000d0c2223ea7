"""CloudWatch Logs on disk: groups, streams, events, and reading them page by page.

Behaviour from the CloudWatch Logs API reference (botocore's model of `logs`): batch limits, tokens that
stay the same at the end, pages of at most 10,000 events or 1 MiB. Groups belong to the sandbox as a whole, not to
a region.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jsft_tui.sandbox.cloudwatch.log_pattern import compile_pattern
from jsft_tui.sandbox.cloudwatch.log_reading import (
    LogEvent,
    edge_position,
    events_between,
    invalid_parameter,
    one_page,
    position_token,
    read_position,
    reading_window,
    size_in_bytes,
    time_range,
)
from jsft_tui.sandbox.http.page_token import read_token, write_token
from jsft_tui.sandbox.http.protocol import ACCOUNT_ID, ApiError, Call, OperationTable
from jsft_tui.sandbox.state.database import Database

BATCH_EVENTS = 10_000
BATCH_BYTES = 1_048_576
DAY_MS = 86_400_000
OLDEST_MS = 14 * DAY_MS
NEWEST_MS = 7_200_000
DESCRIBE_PAGE = 50

_SCHEMA = """
CREATE TABLE IF NOT EXISTS groups(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS streams(
    id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
    first INTEGER, last INTEGER, ingested INTEGER, bytes INTEGER NOT NULL DEFAULT 0, UNIQUE(group_id, name));
CREATE TABLE IF NOT EXISTS events(
    stream_id INTEGER NOT NULL, time INTEGER NOT NULL, number INTEGER NOT NULL, ingested INTEGER NOT NULL,
    message TEXT NOT NULL, PRIMARY KEY(stream_id, time, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counter(next INTEGER NOT NULL);
INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter);
"""


class LogsService(OperationTable):
    """CloudWatch Logs' API, and the in-process doors `create_stream` and `put` for the runner."""

    def __init__(self, database: Path) -> None:
        self._database = Database(database, _SCHEMA)
        super().__init__(
            {
                "CreateLogGroup": self._create_group,
                "CreateLogStream": self._create_stream,
                "DeleteLogGroup": self._delete_group,
                "DeleteLogStream": self._delete_stream,
                "DescribeLogGroups": self._describe_groups,
                "DescribeLogStreams": self._describe_streams,
                "PutLogEvents": self._put_events,
                "GetLogEvents": self._get_events,
                "FilterLogEvents": self._filter_events,
            }
        )

    # In process

    def create_stream(self, group: str, stream: str) -> None:
        """Make a stream, and its group if need be; no error when they exist."""
        now = _now()
        with self._database.transaction() as db:
            db.execute("INSERT OR IGNORE INTO groups(name, created) VALUES (?,?)", (group, now))
            db.execute(
                "INSERT OR IGNORE INTO streams(group_id, name, created) SELECT id, ?, ? FROM groups WHERE name=?",
                (stream, now, group),
            )

    def put(self, group: str, stream: str, events: Sequence[tuple[int, str]]) -> None:
        """Store events (milliseconds since the epoch, message), on disk when it returns.

        Raises:
            ApiError: `ResourceNotFoundException` without such a stream.
        """
        if not events:
            return
        with self._database.transaction() as db:
            stream_id = _stream_id(db, group, stream)
            first = db.execute("SELECT next FROM counter").fetchone()[0] + 1
            now = _now()
            rows = [
                (stream_id, time_ms, number, now, _storable(message))
                for number, (time_ms, message) in enumerate(events, start=first)
            ]
            db.executemany("INSERT INTO events VALUES (?,?,?,?,?)", rows)
            db.execute("UPDATE counter SET next=?", (first + len(rows) - 1,))
            times = [time_ms for time_ms, _ in events]
            size = sum(size_in_bytes(message) for _, message in events)
            db.execute(
                "UPDATE streams SET first=min(ifnull(first, ?1), ?1), last=max(ifnull(last, 0), ?2), ingested=?3, "
                "bytes=bytes+?4 WHERE id=?5",
                (min(times), max(times), now, size, stream_id),
            )

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    # Groups and streams

    def _create_group(self, call: Call) -> dict[str, Any]:
        with self._database.transaction() as db:
            try:
                db.execute("INSERT INTO groups(name, created) VALUES (?,?)", (call.parameters["logGroupName"], _now()))
            except sqlite3.IntegrityError as problem:
                raise _exists("log group") from problem
        return {}

    def _create_stream(self, call: Call) -> dict[str, Any]:
        with self._database.transaction() as db:
            group_id = _group_id(db, call.parameters["logGroupName"])
            try:
                db.execute(
                    "INSERT INTO streams(group_id, name, created) VALUES (?,?,?)",
                    (group_id, call.parameters["logStreamName"], _now()),
                )
            except sqlite3.IntegrityError as problem:
                raise _exists("log stream") from problem
        return {}

    def _delete_group(self, call: Call) -> dict[str, Any]:
        with self._database.transaction() as db:
            group_id = _group_id(db, call.parameters["logGroupName"])
            db.execute("DELETE FROM events WHERE stream_id IN (SELECT id FROM streams WHERE group_id=?)", (group_id,))
            db.execute("DELETE FROM streams WHERE group_id=?", (group_id,))
            db.execute("DELETE FROM groups WHERE id=?", (group_id,))
        return {}

    def _delete_stream(self, call: Call) -> dict[str, Any]:
        with self._database.transaction() as db:
            stream_id = _stream_id(db, call.parameters["logGroupName"], call.parameters["logStreamName"])
            db.execute("DELETE FROM events WHERE stream_id=?", (stream_id,))
            db.execute("DELETE FROM streams WHERE id=?", (stream_id,))
        return {}

    def _describe_groups(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        prefix, pattern = wanted.get("logGroupNamePrefix"), wanted.get("logGroupNamePattern")
        if prefix and pattern:
            raise invalid_parameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT g.name, g.created, ifnull(sum(s.bytes), 0) FROM groups g "
                "LEFT JOIN streams s ON s.group_id=g.id GROUP BY g.id ORDER BY g.name"
            ).fetchall()
        names = [row for row in rows if row[0].startswith(prefix or "") and (pattern or "").lower() in row[0].lower()]
        page, token = _cut(names, wanted)
        arn = f"arn:aws:logs:{call.region}:{ACCOUNT_ID}:log-group"
        groups = [
            {
                "logGroupName": name,
                "creationTime": created,
                "metricFilterCount": 0,
                "arn": f"{arn}:{name}:*",
                "logGroupArn": f"{arn}:{name}",
                "storedBytes": size,
                "logGroupClass": "STANDARD",
            }
            for name, created, size in page
        ]
        return {"logGroups": groups, **token}

    def _describe_streams(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        by_time = wanted.get("orderBy") == "LastEventTime"
        prefix = wanted.get("logStreamNamePrefix", "")
        if by_time and prefix:
            raise invalid_parameter("Cannot order by LastEventTime with a logStreamNamePrefix.")
        group = _group_name(wanted)
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT name, created, first, last, ingested FROM streams WHERE group_id=? AND substr(name, 1, ?)=?",
                (_group_id(db, group), len(prefix), prefix),
            ).fetchall()
        rows.sort(key=lambda row: (row[3] or 0, row[0]) if by_time else row[0], reverse=bool(wanted.get("descending")))
        page, token = _cut(rows, wanted)
        return {"logStreams": [_described_stream(row, group, call.region) for row in page], **token}

    # Events

    def _put_events(self, call: Call) -> dict[str, Any]:
        group, stream = call.parameters["logGroupName"], call.parameters["logStreamName"]
        events = [(event["timestamp"], event["message"]) for event in call.parameters["logEvents"]]
        with self._database.reading() as db:
            _stream_id(db, group, stream)
        _check_batch(events)
        now = _now()
        too_old = sum(time_ms < now - OLDEST_MS for time_ms, _ in events)
        too_new = sum(time_ms > now + NEWEST_MS for time_ms, _ in events)
        accepted = events[too_old : len(events) - too_new]
        if accepted and accepted[-1][0] - accepted[0][0] > DAY_MS:
            raise invalid_parameter(
                "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."
            )
        self.put(group, stream, accepted)
        answer: dict[str, Any] = {"nextSequenceToken": str(now)}
        rejected = {}
        if too_old:
            rejected["tooOldLogEventEndIndex"] = too_old
        if too_new:
            rejected["tooNewLogEventStartIndex"] = len(events) - too_new
        if rejected:
            answer["rejectedLogEventsInfo"] = rejected
        return answer

    def _get_events(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        after, before, from_head = reading_window(wanted)
        with self._database.reading() as db:
            stream_id = _stream_id(db, _group_name(wanted), wanted["logStreamName"])
            rows = events_between(db, {stream_id: wanted["logStreamName"]}, after, before, descending=not from_head)
            page, _ = one_page(rows, wanted)
        if not from_head:
            page.reverse()
        first = page[0].position if page else edge_position(wanted, is_forward=False)
        last = page[-1].position if page else edge_position(wanted, is_forward=True)
        return {
            "events": [
                {"timestamp": event.time, "message": event.message, "ingestionTime": event.ingested} for event in page
            ],
            "nextForwardToken": position_token("f", last),
            "nextBackwardToken": position_token("b", first),
        }

    def _filter_events(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        names, prefix = wanted.get("logStreamNames"), wanted.get("logStreamNamePrefix")
        if names and prefix:
            raise invalid_parameter("logStreamNames and logStreamNamePrefix are mutually exclusive.")
        accepts = compile_pattern(wanted.get("filterPattern", ""))
        is_ascending = wanted.get("startFromHead", True)
        after, before = time_range(wanted)
        if token := wanted.get("nextToken"):
            position = read_position(token)
            after, before = (position, before) if is_ascending else (after, position)
        with self._database.reading() as db:
            streams = _stream_ids(db, _group_name(wanted), names, prefix)
            rows = events_between(db, streams, after, before, descending=not is_ascending)
            page, has_more = one_page((event for event in rows if accepts(event.message)), wanted)
        answer: dict[str, Any] = {"events": [_filtered(event) for event in page], "searchedLogStreams": []}
        if has_more:
            answer["nextToken"] = write_token(page[-1].position)
        return answer


def _check_batch(events: Sequence[tuple[int, str]]) -> None:
    if len(events) > BATCH_EVENTS:
        raise invalid_parameter(
            "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length "
            f"less than or equal to {BATCH_EVENTS}"
        )
    times = [time_ms for time_ms, _ in events]
    if times != sorted(times):
        raise invalid_parameter("Log events in a single PutLogEvents request must be in chronological order.")
    largest = max(size_in_bytes(message) for _, message in events)
    if largest > BATCH_BYTES:
        raise invalid_parameter(f"Log event too large: {largest} bytes exceeds limit of {BATCH_BYTES}")
    total = sum(size_in_bytes(message) for _, message in events)
    if total > BATCH_BYTES:
        raise invalid_parameter(f"Upload too large: {total} bytes exceeds limit of {BATCH_BYTES}")


def _cut(rows: Sequence[Any], wanted: Mapping[str, Any]) -> tuple[Sequence[Any], dict[str, str]]:
    """One page of a sorted list, and the member `nextToken` if there is more.

    The token is the number of rows before: streams that appear in between may shift the list by one.
    """
    start = 0
    if token := wanted.get("nextToken"):
        try:
            start = int(read_token(token))
        except (TypeError, ValueError) as problem:
            raise invalid_parameter("The specified nextToken is invalid.") from problem
    end = start + int(wanted.get("limit") or DESCRIBE_PAGE)
    return rows[start:end], {"nextToken": write_token(end)} if end < len(rows) else {}


def _described_stream(row: tuple[Any, ...], group: str, region: str) -> dict[str, Any]:
    name, created, first, last, ingested = row
    times = {"firstEventTimestamp": first, "lastEventTimestamp": last, "lastIngestionTime": ingested}
    return {
        "logStreamName": name,
        "creationTime": created,
        **{member: value for member, value in times.items() if value is not None},
        "uploadSequenceToken": str(created),
        "arn": f"arn:aws:logs:{region}:{ACCOUNT_ID}:log-group:{group}:log-stream:{name}",
        "storedBytes": 0,  # always, since 2019, says the API reference
    }


def _filtered(event: LogEvent) -> dict[str, Any]:
    return {
        "logStreamName": event.stream,
        "timestamp": event.time,
        "message": event.message,
        "ingestionTime": event.ingested,
        "eventId": f"{event.time}{event.number:020d}",
    }


def _group_name(wanted: Mapping[str, Any]) -> str:
    """logGroupName, or the name in logGroupIdentifier (a name or an ARN)."""
    if name := wanted.get("logGroupName"):
        return str(name)
    identifier = wanted.get("logGroupIdentifier")
    if not identifier:
        raise invalid_parameter("Either logGroupName or logGroupIdentifier must be given.")
    return str(identifier).rpartition(":log-group:")[2].removesuffix(":*")


def _group_id(db: sqlite3.Connection, group: str) -> int:
    row = db.execute("SELECT id FROM groups WHERE name=?", (group,)).fetchone()
    if row is None:
        raise ApiError("ResourceNotFoundException", "The specified log group does not exist.")
    return int(row[0])


def _stream_id(db: sqlite3.Connection, group: str, stream: str) -> int:
    return next(iter(_stream_ids(db, group, [stream], None)))


def _stream_ids(db: sqlite3.Connection, group: str, names: Sequence[str] | None, prefix: str | None) -> dict[int, str]:
    """The names of the wanted streams by their ids."""
    group_id = _group_id(db, group)
    rows = db.execute("SELECT name, id FROM streams WHERE group_id=?", (group_id,)).fetchall()
    found = dict(rows)
    if names is None:
        return {number: name for name, number in found.items() if name.startswith(prefix or "")}
    if not all(name in found for name in names):
        raise ApiError("ResourceNotFoundException", "The specified log stream does not exist.")
    return {found[name]: name for name in names}


def _storable(message: str) -> str:
    """JSON can carry half of a surrogate pair, UTF-8 cannot."""
    return message.encode(errors="replace").decode()


def _now() -> int:
    return int(time.time() * 1000)


def _exists(what: str) -> ApiError:
    return ApiError("ResourceAlreadyExistsException", f"The specified {what} already exists")
