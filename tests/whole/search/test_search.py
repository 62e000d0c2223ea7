"""A search over the learning rate finds a better model than the default, and its best trial is launched again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.common.home import TEXT_MODEL, TINY_SERVICES, Home

pytestmark = pytest.mark.training


def test_a_search_finds_a_better_model_and_its_best_trial_is_launched(home: Home, folder: Path) -> None:
    common = ("plan", TEXT_MODEL, "--data", TINY_SERVICES, "--instance", "ml.g4dn.xlarge", "--set", "epochs=2")
    home.jsft(*common, "--name", "by-default", "-o", "default.yaml")
    usual = home.json("launch", "default.yaml", "--yes", "--follow")
    search = ("--tune", "learning_rate=1e-5..1e-1:log", "--objective", "val-accuracy", "--max-jobs", 6, "--parallel", 2)
    home.jsft(*common, *search, "--name", "rates", "-o", "search.yaml")

    found = home.json("launch", "search.yaml", "--yes", "--follow")

    assert (found["status"], found["counts"]["completed"]) == ("Completed", 6)
    by_default = usual["metrics"]["tflow-tc:val-accuracy"][-1][1]
    values = [trial["objective"] for trial in found["trials"]]
    assert values == sorted(values, reverse=True)
    assert found["trials"][0]["name"] == found["best"]
    assert values[0] > by_default
    assert home.jsft("clone", "rates", "--best", "-o", "best.yaml").code == 0
    best = home.json("launch", "best.yaml", "--yes", "--follow")
    assert best["status"] == "Completed"
    assert best["hyperparameters"]["learning_rate"] == found["trials"][0]["values"]["learning_rate"]
    assert best["metrics"]["tflow-tc:val-accuracy"][-1][1] == pytest.approx(values[0])
    assert home.json("download", "rates", "--best", "-o", "model")["verified"]
    warm = home.json("clone", "rates", "--warm-start", "-o", "warm.yaml")["tuning"]["warm_start"]
    assert warm == {"from": ["rates"], "type": "identical"}
    checked = home.json("check", "warm.yaml")
    levels = {finding["check"]: finding["level"] for finding in checked["findings"]}
    assert (levels["warm_start"], levels["likely_cost"]) == ("pass", "pass")
