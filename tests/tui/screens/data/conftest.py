"""Folders of the Data screen's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jsft_tui.sandbox.s3.storage.store import ObjectStore
from jsft_tui.tui.base.screens import work_screen as work_screen
from jsft_tui.tui.screens.data import screen as data_screen
from tests.common.home import BUCKET, Home
from tests.tui.screens.data.page import MANY, Put


@pytest.fixture(autouse=True)
def _short_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_screen, "REST", 0.03)
    monkeypatch.setattr(data_screen, "LOOK_AFTER", 0.03)


@pytest.fixture
def put(home: Home) -> Iterator[Put]:
    """Puts objects into the sandbox."""
    client = home.sandbox.client("s3")

    def put_one(key: str, body: bytes) -> None:
        client.put_object(Bucket=BUCKET, Key=key, Body=body)

    yield put_one


@pytest.fixture(scope="module")
def many(_session_home: Home) -> str:
    """A prefix with many keys, put straight into the sandbox's index."""
    store = ObjectStore(_session_home.sandbox.state_dir / "content" / "s3")
    number = store.bucket(BUCKET).id
    rows = ((number, f"many/key-{n:05}.txt", 0, "0" * 32, 1.7e9, "{}", None) for n in range(MANY))
    with store.database.writing() as db:
        db.executemany("INSERT INTO objects VALUES(?,?,?,?,?,?,?)", rows)
    store.close()
    return f"s3://{BUCKET}/many/"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder to upload: two classes, a hidden file."""
    for name in ("roses/1.txt", "roses/2.txt", "tulips/1.txt", ".hidden"):
        path = tmp_path / "flowers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "flowers"
