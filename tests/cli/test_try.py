"""`jsft try`: a model from the sandbox is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsft_tui.core.account.target import Target
from jsft_tui.services.session.prediction import cannot_try
from tests.cli.test_jobs import finished
from tests.home import Home
from tests.pictures import picture_file


def test_a_model_says_what_it_sees(home: Home, folder: Path) -> None:
    name = finished(home, folder, "tried")
    picture = picture_file(folder)
    labels = home.json("try", name, picture)
    assert sum(each["probability"] for each in labels) == pytest.approx(1.0, abs=1e-3)
    assert labels[0]["probability"] >= labels[-1]["probability"]
    assert labels[0]["label"] in home.jsft("try", name, picture).out
    for item in ("-1,2", "x" * 5000, "no-such.png", str(folder)):
        refused = home.jsft("try", "--json", "--sandbox", name, "--", item, target=None)
        assert (refused.code, refused.error["code"]) == (2, "BadItem")
        assert refused.error["message"].startswith(f"the model cannot be asked about '{item[:50]}")


def test_only_the_sandboxs_models_are_tried() -> None:
    refused = cannot_try(Target("us-west-2"))
    assert refused is not None
    assert refused.code == "NotSandbox"
    assert cannot_try(Target("us-west-2", endpoint="http://127.0.0.1:1", sandbox=True)) is None
