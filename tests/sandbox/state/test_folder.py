"""Test the state folder and the command that owns it."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jsft_tui.sandbox.state.folder import FolderInUse, StateFolder
from tests.common.effort import PATIENCE
from tests.sandbox.running import RunningSandbox

pytestmark = pytest.mark.sandbox


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def run(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jsft_tui.sandbox", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, **(environment or {})},
        check=False,
    )


def test_secrets_are_for_the_owner_only(state_dir: Path) -> None:
    state_dir.mkdir(mode=0o755)
    state = StateFolder(state_dir)
    state.write_server_info(1234, "us-west-2")
    assert mode(state_dir) == 0o700
    assert mode(state_dir / "credentials.json") == mode(state_dir / "sandbox.json") == 0o600
    state.release()


def test_the_key_pair_is_random_and_kept(tmp_path: Path) -> None:
    first, other = StateFolder(tmp_path / "a"), StateFolder(tmp_path / "b")
    assert first.key_pair != other.key_pair
    assert len(first.key_pair.access_key_id) == 20
    assert len(first.key_pair.secret_access_key) == 40
    first.release()
    again = StateFolder(tmp_path / "a")
    assert again.key_pair == first.key_pair


def test_only_one_owns_the_folder(state_dir: Path) -> None:
    state = StateFolder(state_dir)
    with pytest.raises(FolderInUse, match="already running"):
        StateFolder(state_dir)
    state.release()
    StateFolder(state_dir).release()


def test_reset_throws_away_the_content_and_nothing_else(state_dir: Path) -> None:
    state = StateFolder(state_dir)
    (state.content / "s3").mkdir(parents=True)
    (state.path / "somebody's file").write_text("precious")
    state.reset()
    assert not state.content.exists()
    assert (state.path / "somebody's file").exists()
    assert (state.path / "credentials.json").exists()
    state.reset()


def test_the_server_says_how_to_reach_it_and_cleans_up(state_dir: Path) -> None:
    running = RunningSandbox(state_dir, "--region", "eu-central-1")
    info = running.info
    assert set(info) == {
        "endpoint",
        "region",
        "pid",
        "access_key_id",
        "secret_access_key",
        "account_id",
        "state_dir",
        "started",
        "role_arn",
        "output",
    }
    assert (info["region"], info["pid"], info["account_id"]) == ("eu-central-1", running.process.pid, "123456789012")
    assert info["state_dir"] == str(state_dir)
    assert abs(info["started"] - time.time()) < 60
    second = run("--state-dir", str(state_dir))
    assert (second.returncode, second.stdout, second.stderr.count("\n")) == (3, "", 1)
    assert "already running" in second.stderr
    # A connection that a client keeps open does not keep the server alive.
    running.client("s3").list_buckets()
    assert running.stop() == 0
    assert not (state_dir / "sandbox.json").exists()


def test_many_signals_at_once_end_it_as_one_does(state_dir: Path) -> None:
    """A terminal that is closed hangs up, and who started the sandbox there terminates it, too."""
    running = RunningSandbox(state_dir)
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT) * 20:
        running.process.send_signal(number)
    assert running.stop() == 0


def test_a_reset_server_starts_with_the_seeded_content_and_the_same_key(state_dir: Path) -> None:
    running = RunningSandbox(state_dir)
    s3 = running.client("s3")
    seeded = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert "jumpstart-cache-prod-us-west-2" in seeded
    s3.create_bucket(Bucket="mine", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    key = running.info["access_key_id"]
    assert running.stop() == 0
    running = RunningSandbox(state_dir, "--reset")
    try:
        assert [bucket["Name"] for bucket in running.client("s3").list_buckets()["Buckets"]] == seeded
        assert running.info["access_key_id"] == key
    finally:
        running.stop()


def test_a_taken_port_is_replaced_unless_it_was_asked_for(
    state_dir: Path, tmp_path: Path, sandbox: RunningSandbox
) -> None:
    port = sandbox.info["endpoint"].rpartition(":")[2]
    refused = run("--state-dir", str(tmp_path / "other"), "--port", port)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert f"port {port}" in refused.stderr
    state_dir.mkdir()
    (state_dir / "port").write_text(port)
    running = RunningSandbox(state_dir)
    assert running.info["endpoint"] != sandbox.info["endpoint"]
    running.stop()


def test_a_folder_that_cannot_be_used_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = run("--state-dir", str(tmp_path / "file" / "state"))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "--state-dir" in refused.stderr


def test_damaged_credentials_are_reported_in_one_sentence(state_dir: Path) -> None:
    state_dir.mkdir()
    (state_dir / "credentials.json").write_text(json.dumps({"key": 1}))
    refused = run("--state-dir", str(state_dir))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "credentials.json" in refused.stderr


def test_a_damaged_database_is_reported_in_one_sentence(state_dir: Path) -> None:
    (state_dir / "content" / "s3").mkdir(parents=True)
    (state_dir / "content" / "s3" / "index.sqlite").write_bytes(b"no database" * 1000)
    refused = run("--state-dir", str(state_dir))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "file is not a database" in refused.stderr


@pytest.mark.parametrize("region", ["", "nowhere", "../../etc", "US-WEST-2"])
def test_what_is_no_region_is_refused(state_dir: Path, region: str) -> None:
    refused = run("--state-dir", str(state_dir), "--region", region)
    assert (refused.returncode, "not an AWS region" in refused.stderr) == (2, True)
    assert not state_dir.exists()


def test_a_folder_can_be_started_again_in_any_other_region(state_dir: Path) -> None:
    for region in ("us-west-2", "eu-central-1", "us-east-1"):
        running = RunningSandbox(state_dir, "--region", region)
        found = running.client("s3").list_objects_v2(Bucket=f"jumpstart-cache-prod-{region}")
        running.stop()
        assert found["KeyCount"] > 0


def test_without_the_extra_the_command_names_it(tmp_path: Path) -> None:
    hidden = (
        "import importlib.util, sys, runpy\n"
        "found = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *a: None if name == 'moto' else found(name, *a)\n"
        f"sys.argv = ['sandbox', '--state-dir', {str(tmp_path / 's')!r}]\n"
        "runpy.run_module('jsft_tui.sandbox', run_name='__main__')\n"
    )
    refused = subprocess.run(
        [sys.executable, "-c", hidden], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert refused.returncode == 2
    assert "pip install 'jsft-tui[sandbox]'" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_nothing_is_printed_but_the_endpoint(state_dir: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "jsft_tui.sandbox", "--state-dir", str(state_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == f"endpoint {json.loads((state_dir / 'sandbox.json').read_text())['endpoint']}\n"
    process.terminate()
    assert process.communicate(timeout=PATIENCE) == ("", "")
    assert process.returncode == 0
