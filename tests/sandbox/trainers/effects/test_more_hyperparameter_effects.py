"""Test that every hyperparameter of pairs, questions, similarity, boosting and language has an effect on the model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jsft_tui.sandbox.trainers.program import TRAINERS
from tests.sandbox.trainers.jobs import same_arrays, train_here
from tests.sandbox.trainers.parts.test_boosting import steps, write_rows
from tests.sandbox.trainers.text.test_pairs_and_questions import pairs, questions, write_csv

Asked = dict[str, str]
Changes = dict[str, tuple[Asked, str]]
"""By name: the other hyperparameters that it requires, and the value to compare with the default."""

SHORT: dict[str, Asked] = {
    "pairs": {"epochs": "1"},
    "questions": {"epochs": "1"},
    "similarity": {},
    "boosting-regression": {"num_boost_round": "3"},
    "gpt": {"epoch": "1"},
    "llama": {"epoch": "1", "chat_dataset": "False"},
}
NETWORK: Changes = {"epochs": ({}, "2"), "learning_rate": ({}, "0.01"), "batch_size": ({}, "16")}
LANGUAGE: Changes = {
    "epoch": ({}, "2"),
    "learning_rate": ({}, "0.01"),
    "instruction_tuned": ({}, "True"),
    "per_device_train_batch_size": ({"max_input_length": "16"}, "2"),
    "max_train_samples": ({}, "5"),
    "max_val_samples": ({}, "2"),
    "max_input_length": ({}, "8"),
    "validation_split_ratio": ({}, "0.5"),
    "train_data_split_seed": ({}, "3"),
}
CHANGES: dict[str, Changes] = {
    "pairs": NETWORK,
    "questions": NETWORK,
    "similarity": {"max_seq_length": ({}, "3"), "store_text_with_embedding": ({}, "False")},
    "boosting-regression": {
        "num_boost_round": ({}, "5"),
        "early_stopping_rounds": ({"num_boost_round": "60", "max_depth": "20"}, "1"),
        "learning_rate": ({}, "0.1"),
        "gamma": ({}, "20"),
        "min_child_weight": ({}, "30"),
        "max_depth": ({}, "2"),
        "subsample": ({}, "0.5"),
        "colsample_bytree": ({}, "0.5"),
        "reg_lambda": ({}, "50"),
        "reg_alpha": ({}, "20"),
    },
    "gpt": LANGUAGE,
    "llama": {
        **LANGUAGE,
        "chat_dataset": ({}, "True"),
        "add_input_output_demarcation_key": ({"instruction_tuned": "True"}, "False"),
        "seed": ({}, "3"),
    },
}
NOT_OF_THE_MODEL = {
    "pairs": {"reinitialize_top_layer"},  # tested with a previous model, below
    "similarity": {"batch_size"},  # how many texts are embedded at once
    "gpt": {"per_device_eval_batch_size"},  # how many samples are evaluated at once
    "llama": {"per_device_eval_batch_size"},
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Create the training data of each trainer; that of language models can be read in all three forms."""
    root = tmp_path_factory.mktemp("data")
    texts = [(number, f"{text} {number}") for number, (_, text, _) in enumerate(pairs()[:30])]
    language = root / "language"
    language.mkdir()
    (language / "prose.txt").write_text("".join(f"{text}\n" for _, text in texts))
    rows = [
        {
            "instruction": text,
            "context": "",
            "response": text.upper(),
            "dialog": [{"role": "user", "content": text}, {"role": "assistant", "content": text}],
        }
        for _, text in texts
    ]
    (language / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return {
        "pairs": write_csv(root / "pairs", pairs()),
        "questions": write_csv(root / "questions", questions()),
        "similarity": write_csv(root / "similarity", texts),
        "boosting-regression": write_rows(root / "rows", steps(80)),
        "gpt": language,
        "llama": language,
    }


@pytest.mark.parametrize(
    ("trainer", "name"), [(trainer, name) for trainer, changes in CHANGES.items() for name in changes]
)
def test_changing_a_hyperparameter_changes_the_model(
    data: dict[str, Path], tmp_path: Path, trainer: str, name: str
) -> None:
    beside, value = CHANGES[trainer][name]
    channels = {"training": data[trainer]}
    usual = train_here(trainer, tmp_path / "usual", channels, {**SHORT[trainer], **beside})
    changed = train_here(trainer, tmp_path / "changed", channels, {**SHORT[trainer], **beside, name: value})
    infos = [{key: job.info.get(key) for key in ("history", "texts", "format")} for job in (usual, changed)]
    assert not same_arrays(usual.arrays, changed.arrays) or infos[0] != infos[1]


@pytest.mark.parametrize("trainer", CHANGES)
def test_the_changes_cover_every_declared_hyperparameter(trainer: str) -> None:
    declared = {one.name for one in TRAINERS[trainer].hyperparameters}
    assert declared - NOT_OF_THE_MODEL.get(trainer, set()) == set(CHANGES[trainer])


@pytest.mark.parametrize("reinitialize", ["True", "False"])
def test_pairs_keep_the_top_layer_of_a_previous_model_unless_asked(
    data: dict[str, Path], tmp_path: Path, reinitialize: str
) -> None:
    first = train_here("pairs", tmp_path / "first", {"training": data["pairs"]}, {"epochs": 2})
    (tmp_path / "model").mkdir()
    first.tarball().rename(tmp_path / "model" / "model.tar.gz")
    channels = {"training": data["pairs"], "model": tmp_path / "model"}
    asked = {"epochs": 1, "learning_rate": 1e-8, "reinitialize_top_layer": reinitialize}
    second = train_here("pairs", tmp_path / "second", channels, asked)
    distance = float(abs(second.arrays["top_kernel"] - first.arrays["top_kernel"]).max())
    assert (distance > 0.01) is (reinitialize == "True")
