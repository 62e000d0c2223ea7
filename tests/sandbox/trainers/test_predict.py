"""Test prediction with a trained model, and untrusted tarballs."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.predict import BAD_INPUT, load
from tests.sandbox.trainers.datasets import SHAPES, draw_shapes
from tests.sandbox.trainers.jobs import ROOT, Job, train_here

Trained = Callable[[str], Job]


def test_images_that_the_job_never_saw_are_classified(trained: Trained, tmp_path: Path) -> None:
    predictor = load(trained("image").tarball())
    fresh = draw_shapes(tmp_path / "fresh", SHAPES, 8, seed=99)
    hits = [predictor.predict(file)[0][0] == file.parent.name for file in sorted(fresh.rglob("*.*"))]
    assert sum(hits) > 0.8 * len(hits)


def test_texts_and_rows_are_classified_with_all_labels_best_first(trained: Trained, table: Path) -> None:
    ranking = load(trained("text").tarball()).predict("a function returns a response on an event")
    assert ranking[0][0] == "2"
    assert {label for label, _ in ranking} == {"0", "1", "2"}
    assert [share for _, share in ranking] == sorted((share for _, share in ranking), reverse=True)
    predictor = load(trained("tabular").tarball())
    rows = [line.split(",") for line in (table / "train" / "data.csv").read_text().splitlines()[:100]]
    hits = [predictor.predict([float(cell) for cell in row[1:]])[0][0] == row[0] for row in rows]
    assert sum(hits) > 70


def test_a_model_in_binary_mode_gives_both_labels(two_shapes: Path, tmp_path: Path) -> None:
    asked = {"binary_mode": True, "epochs": 8, "batch_size": 4}
    job = Job("image", tmp_path, {"training": two_shapes}, asked).run()
    ranking = load(job.tarball()).predict(two_shapes / "cross" / "cross-01.jpg")
    assert ranking[0][0] == "cross"
    assert {label for label, _ in ranking} == {"circle", "cross"}


def _command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jsft_tui.sandbox.trainers.predict", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


def test_the_command_prints_probabilities_and_labels_or_json(trained: Trained) -> None:
    tarball = str(trained("tabular").tarball())
    plain = _command(tarball, "0.5,120,0.01,1001,3.5")
    assert plain.returncode == 0, plain.stderr
    assert [len(line.split()) for line in plain.stdout.splitlines()] == [2, 2, 2]
    document = json.loads(_command(tarball, "0.5,120,0.01,1001,3.5", "--json").stdout)
    assert document[0].keys() == {"label", "probability"}
    assert document[0]["label"] == plain.stdout.split()[1]


def test_the_command_says_in_one_sentence_what_is_wrong(trained: Trained) -> None:
    refusal = _command(str(trained("tabular").tarball()), "1,2")
    assert refusal.returncode == BAD_INPUT
    assert refusal.stderr == "this model takes 5 finite numbers, not 2 (the class left out)\n"


@pytest.mark.parametrize(
    ("trainer", "item"),
    [
        ("tabular", "red,2,3,4,5"),
        ("tabular", Path("a.csv")),
        ("tabular", "nan,1,1,1,1"),
        ("text", ""),
        ("text", [1.0]),
        ("image", [1.0]),
        ("image", "/nowhere/at-all.jpg"),
    ],
)
def test_input_of_the_wrong_kind_is_refused(trained: Trained, trainer: str, item: str | Path | list[float]) -> None:
    with pytest.raises(UserError):
        load(trained(trainer).tarball()).predict(item)


def _tarball(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def _members(job: Job) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (job.base / "model").iterdir()}


class _Explosive:
    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return open, ("/tmp/should-never-be-made", "w")  # type: ignore[return-value]


def test_nothing_in_a_tarball_is_unpickled(trained: Trained, tmp_path: Path) -> None:
    content = io.BytesIO()
    np.savez(content, kernel=np.array([_Explosive()], dtype=object))
    members = _members(trained("tabular")) | {"model.npz": content.getvalue()}
    with pytest.raises(UserError, match=r"the model in m\.tar\.gz is damaged"):
        load(_tarball(tmp_path / "m.tar.gz", members))
    members["model.npz"] = pickle.dumps(_Explosive())
    with pytest.raises(UserError, match="damaged"):
        load(_tarball(tmp_path / "p.tar.gz", members))
    assert not Path("/tmp/should-never-be-made").exists()


def test_arrays_that_would_fill_the_memory_are_not_read(trained: Trained, tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.npy", "w") as entry:
        for _ in range(300):
            entry.write(bytes(1024**2))
    with pytest.raises(UserError, match="its arrays would take"):
        load(_tarball(tmp_path / "m.tar.gz", _members(trained("tabular")) | {"model.npz": content.getvalue()}))


def test_tarballs_without_a_whole_model_are_refused(trained: Trained, tmp_path: Path) -> None:
    whole = _members(trained("tabular"))
    without = {name: content for name, content in whole.items() if name != "training_info.json"}
    with pytest.raises(UserError, match=r"has a model\.npz but no training_info\.json"):
        load(_tarball(tmp_path / "part.tar.gz", without))
    with pytest.raises(UserError, match="contains no model that was trained in the sandbox"):
        load(_tarball(tmp_path / "other.tar.gz", {"saved_model.pb": b"TFTF"}))
    with pytest.raises(UserError, match="damaged"):
        load(_tarball(tmp_path / "labels.tar.gz", whole | {"class_label_to_prediction_index.json": b"[]"}))
    with pytest.raises(UserError, match="cannot be read"):
        load(tmp_path / "missing.tar.gz")
    link = tarfile.TarInfo("model.npz")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(tmp_path / "link.tar.gz", "w:gz") as archive:
        archive.addfile(link)
    with pytest.raises(UserError, match="is not a plain file"):
        load(tmp_path / "link.tar.gz")


def test_arrays_of_the_wrong_shape_or_with_nan_are_refused(trained: Trained, tmp_path: Path) -> None:
    job = trained("tabular")
    for change in (np.zeros((2, 2)), np.full_like(job.arrays["kernel"], np.nan), np.array(["x"])):
        content = io.BytesIO()
        np.savez(content, **(job.arrays | {"kernel": change}))
        with pytest.raises(UserError, match="the array 'kernel' of the model is not what"):
            load(_tarball(tmp_path / "m.tar.gz", _members(job) | {"model.npz": content.getvalue()}))


def test_members_with_a_leading_dot_are_found(trained: Trained, tmp_path: Path) -> None:
    members = {f"./{name}": content for name, content in _members(trained("tabular")).items()}
    ranking = load(_tarball(tmp_path / "m.tar.gz", members)).predict("0.5,120,0.01,1001,3.5")
    assert {label for label, _ in ranking} == {"1", "2", "3"}


HOSTILE: list[tuple[str, dict[str, object], dict[str, object], str]] = [
    ("boosting-regression", {"tree_left": np.zeros(3, np.int32)}, {}, "a tree has a loop"),
    ("boosting-regression", {"tree_feature": np.array([7, -1, -1], np.int32)}, {}, "an unknown feature"),
    ("boosting-regression", {"tree_sizes": np.array([[9]], np.int32)}, {}, "the sizes do not fit"),
    ("boosting-regression", {"tree_value": np.array([0, np.inf, 0])}, {}, "is not finite"),
    ("boosting-regression", {}, {"features": "two"}, "how many features"),
    ("gpt", {"tokenizer_merges": np.array([[999, 1]], np.int32)}, {}, "a token consists of later ones"),
    ("gpt", {"tokenizer_merges": np.array([[97, 98]], np.int32)}, {}, "the vocabulary of the model has not the size"),
    ("gpt", {}, {"config": {"width": 10**9}}, "the sizes in the model's training_info.json"),
    ("gpt", {}, {"format": {"kind": "poem"}}, "in which form it was trained"),
]
HOSTILE_IDS = ("loop", "feature", "sizes", "infinity", "features", "tokens", "vocabulary", "config", "format")


@pytest.mark.parametrize(("trainer", "arrays", "info", "expected"), HOSTILE, ids=HOSTILE_IDS)
def test_models_that_this_trainer_did_not_write_are_refused(
    tmp_path: Path, trainer: str, arrays: dict[str, object], info: dict[str, object], expected: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    if trainer == "gpt":
        (data / "a.txt").write_text("one two\none three\n" * 5)
        job = train_here("gpt", tmp_path / "job", {"training": data}, {"epoch": 1})
    else:
        (data / "data.csv").write_text("1,2\n2,9\n1,2\n2,9\n1,2\n2,9\n1,2\n2,9\n")
        asked = {"num_boost_round": 1, "max_depth": 1, "min_child_weight": 0}
        job = train_here(trainer, tmp_path / "job", {"training": data}, asked)
    load(job.tarball())
    content = io.BytesIO()
    np.savez(content, **(job.arrays | arrays))  # type: ignore[arg-type]
    changed = {"model.npz": content.getvalue(), "training_info.json": json.dumps(job.info | info).encode()}
    with pytest.raises(UserError, match=expected):
        load(_tarball(tmp_path / "hostile.tar.gz", _members(job) | changed))
