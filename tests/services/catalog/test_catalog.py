"""The cache of the catalog: calls, and offline use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jsft_tui.aws.account import Account
from jsft_tui.core.account.target import StaticCredentials, Target
from jsft_tui.core.common.errors import Problem
from jsft_tui.services.catalog import Catalog
from tests.common.home import IMAGE_MODEL, Home


def catalog(home: Home, cache: Path) -> Catalog:
    """Return a catalog of the sandbox with its own cache."""
    info = home.sandbox.info
    keys = StaticCredentials(info["access_key_id"], info["secret_access_key"])
    target = Target(info["region"], endpoint=info["endpoint"], credentials=keys, sandbox=True)
    return Catalog(Account(target).content, cache)


def reads(home: Home) -> int:
    """Return the number of objects read since the calls were reset."""
    return sum(operation == "GetObject" for _, operation in home.sandbox.calls())


def test_each_spec_is_read_once_and_only_its_newest_version(home: Home, tmp_path: Path) -> None:
    home.sandbox.forget_calls()

    cards = catalog(home, tmp_path).cards()

    assert len({card.model_id for card in cards}) == len(cards)
    assert reads(home) == len(cards) + 1  # and the manifest


def test_a_new_version_is_read_and_nothing_else(home: Home, tmp_path: Path) -> None:
    catalog(home, tmp_path).cards()
    s3, bucket = home.sandbox.client("s3"), "jumpstart-cache-prod-us-west-2"
    before = s3.get_object(Bucket=bucket, Key="models_manifest.json")["Body"].read()
    entry = next(entry for entry in json.loads(before) if entry["model_id"] == IMAGE_MODEL)
    spec = json.loads(s3.get_object(Bucket=bucket, Key=entry["spec_key"])["Body"].read())
    key = "community_models/newer/specs.json"
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps({**spec, "version": "99.0.0"}))
    newer = {**entry, "version": "99.0.0", "spec_key": key}
    s3.put_object(Bucket=bucket, Key="models_manifest.json", Body=json.dumps([*json.loads(before), newer]))
    try:
        home.sandbox.forget_calls()
        cards = {card.model_id: card for card in catalog(home, tmp_path).cards()}
    finally:
        s3.put_object(Bucket=bucket, Key="models_manifest.json", Body=before)

    assert cards[IMAGE_MODEL].version == "99.0.0"
    assert reads(home) == 2


def test_without_a_network_the_cache_is_used(home: Home, tmp_path: Path) -> None:
    catalog(home, tmp_path).cards()
    home.sandbox.set_faults({"do": "reset", "service": "s3", "times": None})

    offline = catalog(home, tmp_path)
    cards = offline.cards()

    assert cards
    assert offline.stale is not None
    assert offline.stale.retryable


def test_without_a_network_and_a_cache_it_is_a_problem(home: Home, tmp_path: Path) -> None:
    home.sandbox.set_faults({"do": "reset", "service": "s3", "times": None})

    with pytest.raises(Problem) as caught:
        catalog(home, tmp_path).cards()

    assert caught.value.retryable


def test_denied_access_is_not_hidden_by_the_cache(home: Home, tmp_path: Path) -> None:
    catalog(home, tmp_path).cards()
    home.sandbox.set_faults({"do": "denied", "service": "s3", "times": None})

    with pytest.raises(Problem) as caught:
        catalog(home, tmp_path).entries()
    assert caught.value.code == "AccessDenied"


def test_a_damaged_cache_is_ignored(home: Home, tmp_path: Path) -> None:
    known = catalog(home, tmp_path).cards()
    for path in tmp_path.rglob("*.json"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    assert catalog(home, tmp_path).cards() == known


def test_a_spec_is_fetched_once_and_again_only_when_its_cached_copy_is_malformed(home: Home, tmp_path: Path) -> None:
    first = catalog(home, tmp_path).spec(IMAGE_MODEL)
    home.sandbox.forget_calls()
    assert catalog(home, tmp_path).spec(IMAGE_MODEL) == first
    assert reads(home) == 1  # the manifest

    for malformed in ({"hyperparameters": 5}, {"model_id": "x", "version": "1", "hyperparameters": 5}):
        for path in (tmp_path / "specs").iterdir():
            path.write_text(json.dumps({"version": 1, "spec": malformed}))
        assert catalog(home, tmp_path).spec(IMAGE_MODEL) == first


def test_an_unreadable_spec_hides_only_its_model(home: Home, tmp_path: Path) -> None:
    everything = len(catalog(home, tmp_path / "a").cards())
    home.sandbox.set_faults(
        {"do": "denied", "service": "s3", "operation": "GetObject", "times": None, "probability": 0.1}
    )
    try:
        partial = catalog(home, tmp_path / "b")
        cards = partial.cards()
    except Problem:
        return  # the manifest itself was among the denied: then there is nothing to show
    assert len(cards) < everything
    assert partial.left_out
