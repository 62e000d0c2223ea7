"""Times are parsed as botocore parses them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from botocore.utils import parse_timestamp as botocores
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.aws.client.session import AwsSession
from jsft_tui.aws.client.timestamps import parse_timestamp
from jsft_tui.services.target.sandbox import Sandbox, target_of
from tests.common.home import BUCKET, Home

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=ZONES), st.sampled_from(["auto", "milliseconds"]))
def test_what_aws_writes_is_read_as_botocore_reads_it(time: datetime, precision: str) -> None:
    text = time.isoformat(timespec=precision)

    assert parse_timestamp(text) == botocores(text)
    assert parse_timestamp(text.replace("+00:00", "Z")) == botocores(text)


@pytest.mark.parametrize(
    "value", [1_780_000_000, 1.5, "1780000000", "Wed, 25 Nov 2026 18:53:00 GMT", "2026-11-25", "2026-11-25T18:53:00"]
)
def test_all_else_is_left_to_botocore(value: object) -> None:
    assert parse_timestamp(value) == botocores(value)


@pytest.mark.parametrize("value", ["soon", "2026-13-01T00:00:00Z", ""])
def test_what_is_no_time_is_refused(value: str) -> None:
    with pytest.raises(ValueError):
        parse_timestamp(value)


def test_the_clients_of_a_session_read_times_so(home: Home) -> None:
    info = Sandbox(home.paths.sandbox).running()
    assert info is not None
    listed = AwsSession(target_of(info)).client("s3").list_objects_v2(Bucket=BUCKET, MaxKeys=1)

    assert listed["Contents"][0]["LastModified"].tzinfo is UTC  # botocore's own are in dateutil's time zones
