"""`jsft try`: a model from the sandbox is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsft_tui.core.account.target import Target
from jsft_tui.services.session.prediction import cannot_try
from tests.cli.jobs.test_jobs import finished
from tests.cli.runs import unique_name
from tests.common.home import Home
from tests.common.pictures import picture_file


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
        assert item[:50] in refused.error["message"]


QUICK_LLAMA = ("--set", "epoch=1", "--set", "max_train_samples=4", "--set", "max_val_samples=2")


@pytest.mark.parametrize(
    ("model", "settings", "item", "answers"),
    [
        ("sklearn-regression-linear", (), "1,2,3,4", 3),
        ("xgboost-classification-model", ("--set", "num_boost_round=3"), "1,2,3,4", 3),
        ("huggingface-spc-distilroberta-base", ("--set", "epochs=1"), "What does it do? | It stops.", 2),
        # Its model is not compressed: a folder of files instead of model.tar.gz.
        ("meta-textgeneration-llama-3-2-1b-instruct", QUICK_LLAMA, "What does it do?", 1),
    ],
    ids=["regression", "boosting", "pairs", "llama"],
)
def test_a_model_of_each_kind_is_asked(
    home: Home, folder: Path, model: str, settings: tuple[str, ...], item: str, answers: int
) -> None:
    name = unique_name("asked")
    assert home.jsft("plan", model, *settings, "--name", name, "-o", "run.yaml").code == 0
    path = folder / "run.yaml"
    path.write_text(path.read_text().replace("accept_eula: false", "accept_eula: true"))
    assert home.jsft("launch", path, "--yes", "--follow").code == 0

    rows = home.json("try", name, item)

    assert len(rows) == answers
    assert all(0 <= row["probability"] <= 1 and row["label"] for row in rows)
    assert home.jsft("try", "--json", name, "").error["code"] == "BadItem"


def test_only_the_sandboxs_models_are_tried() -> None:
    refused = cannot_try(Target("us-west-2"))
    assert refused is not None
    assert refused.code == "NotSandbox"
    assert cannot_try(Target("us-west-2", endpoint="http://127.0.0.1:1", sandbox=True)) is None
