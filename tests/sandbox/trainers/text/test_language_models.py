"""Test the tokenizer, the transformer and the data of the language models."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.language.generation import continue_text
from jsft_tui.sandbox.trainers.language.network.model import CausalModel, ModelConfig, new_parameters
from jsft_tui.sandbox.trainers.language.network.objective import NextToken
from jsft_tui.sandbox.trainers.language.network.projections import FullProjections
from jsft_tui.sandbox.trainers.language.texts.samples import IGNORED, Batch, Part, blocks, sample_of
from jsft_tui.sandbox.trainers.language.texts.templates import Dialogs, Instructions
from jsft_tui.sandbox.trainers.language.texts.tokenizer import END, Tokenizer
from jsft_tui.sandbox.trainers.predict import load
from tests.sandbox.trainers.jobs import train_here
from tests.sandbox.trainers.parts.gradients import assert_slope

TEXT = "The bucket keeps an object. The queue keeps a message. The bucket keeps a key."
TOKENIZER = Tokenizer.learn([TEXT], 290)
CONFIG = ModelConfig(TOKENIZER.size, context=24, width=8, layers=2, heads=2, hidden=12)


def model(seed: int = 0) -> tuple[CausalModel, FullProjections]:
    """Create a small model in double precision."""
    parameters = new_parameters(CONFIG, np.random.default_rng(seed))
    projections = FullProjections({name: value.astype(float) for name, value in parameters.items()})
    return CausalModel(CONFIG, projections), projections


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_encoded_and_decoded(text: str) -> None:
    encodable = text.encode("utf-8", "replace").decode()
    assert TOKENIZER.decode(TOKENIZER.encode(text)) == encodable


def test_the_most_frequent_pairs_are_merged_and_nothing_that_occurs_once() -> None:
    assert len(TOKENIZER.encode(TEXT)) < len(TEXT) / 2
    assert Tokenizer.learn(["abcdef"], 300).merges == ()
    assert Tokenizer.learn(["ab ab ab cd cd"], 300).merges[0] == (ord("a"), ord("b"))
    assert Tokenizer.learn([TEXT], 290).merges == TOKENIZER.merges


def test_the_gradient_of_every_parameter_is_the_slope_of_the_loss() -> None:
    network, projections = model()
    rng = np.random.default_rng(1)
    tokens = rng.integers(0, CONFIG.vocabulary, (3, 10)).astype(np.int32)
    wanted = rng.random((3, 10)) < 0.6
    targets = rng.integers(0, CONFIG.vocabulary, int(wanted.sum()))
    objective = NextToken(CONFIG.vocabulary)

    def loss() -> float:
        return objective.loss(network.forward(tokens, wanted), targets).total / len(targets)

    network.backward(objective.loss(network.forward(tokens, wanted), targets).gradient)
    gradients = projections.take_gradients()
    assert gradients.keys() == projections.parameters.keys()
    for name, gradient in gradients.items():
        assert_slope(loss, projections.parameters[name], gradient.values, places=6)


def test_no_place_sees_what_follows_it() -> None:
    network, _ = model()
    first: NDArray[np.int32] = np.arange(12, dtype=np.int32)[None]
    second = first.copy()
    second[0, 8:] = 77
    wanted = np.zeros(first.shape, np.bool_)
    wanted[0, :8] = True
    assert np.array_equal(network.forward(first, wanted), network.forward(second, wanted))


def test_a_prompt_is_read_but_only_the_completion_is_learned() -> None:
    parts = [Part("What is it?", is_learned=False), Part("A bucket.", is_learned=True)]
    sample = sample_of(parts, TOKENIZER, 100)
    assert sample is not None
    learned = sample.targets[sample.targets != IGNORED]
    assert TOKENIZER.decode(learned) == "A bucket."
    assert learned[-1] == END
    assert TOKENIZER.decode(sample.tokens) == "What is it?A bucket."
    assert sample_of(parts, TOKENIZER, 4) is None


def test_blocks_have_every_token_as_a_target_once() -> None:
    cut = blocks([TEXT, "More."], TOKENIZER, 7)
    assert TOKENIZER.decode(np.concatenate([sample.targets for sample in cut])) == TEXT + "More."
    assert max(len(sample.tokens) for sample in cut) == 7
    batch = Batch.of(cut)
    assert batch.targets.tolist() == [int(token) for sample in cut for token in sample.targets]


def test_a_model_that_learned_a_text_by_heart_continues_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    sentences = ["The bucket keeps one object.", "The queue holds some messages."] * 12
    (folder / "prose.txt").write_text("\n".join(sentences))
    job = train_here("gpt", tmp_path / "job", {"training": folder}, {"epoch": 30, "learning_rate": 0.01})
    history = job.info["history"]
    assert history[-1]["val_perplexity"] < 1.5 < history[0]["val_perplexity"]
    ((text, certainty),) = load(job.tarball()).predict("The queue")
    assert text.startswith("holds some messages.")
    assert 0.5 < certainty <= 1
    shutil.copytree(job.base / "model", tmp_path / "uncompressed")
    assert load(tmp_path / "uncompressed").predict("The queue") == [(text, certainty)]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Create instructions with a template, and dialogs with the same content."""
    for name in ("instructions", "dialogs"):
        (tmp_path / name).mkdir()
    rows = [{"ask": f"What is {thing}?", "say": f"It is a {thing}."} for thing in ("cat", "dog", "fox", "owl") * 6]
    template = {"prompt": "Q: {ask}\nA: ", "completion": "{say}"}
    (tmp_path / "instructions" / "template.json").write_text(json.dumps(template))
    (tmp_path / "instructions" / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    turns = [
        {"dialog": [{"role": "user", "content": row["ask"]}, {"role": "assistant", "content": row["say"]}]}
        for row in rows
    ]
    (tmp_path / "dialogs" / "chat.jsonl").write_text("".join(json.dumps(row) + "\n" for row in turns))
    return tmp_path


@pytest.mark.parametrize(
    ("trainer", "folder", "asked"),
    [
        ("gpt", "instructions", {"instruction_tuned": True}),
        ("llama", "instructions", {"instruction_tuned": True, "chat_dataset": False}),
        ("llama", "dialogs", {"chat_dataset": True}),
    ],
    ids=["gpt-instructions", "llama-instructions", "llama-dialogs"],
)
def test_instructions_and_dialogs_are_answered_as_they_were_learned(
    questions: Path, trainer: str, folder: str, asked: dict[str, object]
) -> None:
    channels = {"training": questions / folder}
    job = train_here(trainer, questions / "job", channels, {"epoch": 40, **asked})
    assert load(job.tarball()).predict("What is fox?")[0][0] == "It is a fox."


def test_training_continues_from_a_model_in_the_model_channel(questions: Path, tmp_path: Path) -> None:
    channels = {"training": questions / "dialogs"}
    first = train_here("llama", tmp_path / "first", channels, {"epoch": 4})
    folder = tmp_path / "model"
    folder.mkdir()
    shutil.copy(first.tarball(), folder / "model.tar.gz")
    second = train_here("llama", tmp_path / "second", {**channels, "model": folder}, {"epoch": 1})
    assert second.info["incremental"] is True
    assert second.info["history"][0]["val_loss"] < first.info["history"][0]["val_loss"]


def test_a_continuation_ends_where_the_model_ends_the_text() -> None:
    network, projections = model()
    projections.parameters["embed_tokens"][:] = 0
    projections.parameters["embed_tokens"][END] = 5
    projections.parameters["embed_positions"][:] = 1
    written = continue_text(network, TOKENIZER, "A")
    assert written.text == ""
    assert written.certainty > 0.9


def test_an_instruction_may_be_asked_with_all_its_fields() -> None:
    form = Instructions("{ask} ({about})\n", "{say}")
    assert form.prompt("Why?") == "Why? ()\n"
    assert form.prompt('{"ask": "Why?", "about": "S3"}') == "Why? (S3)\n"
    with pytest.raises(UserError, match="'about'"):
        form.prompt('{"ask": "Why?"}')
    assert Dialogs().prompt("Why?") == "User: Why?\nAssistant: "
