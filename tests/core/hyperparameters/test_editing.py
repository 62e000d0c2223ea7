"""A value in its field: what is wrong with it, completion, and steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.hyperparameters.editing import complaint, completed, step_words, stepped
from jsft_tui.core.hyperparameters.form import FormRow, form
from jsft_tui.core.run.run import AUTO, InstanceChoice
from tests.core.catalog.specs import hyperparameter, model_spec, training_run

FIELDS = [
    hyperparameter("epochs", 5, min=1, max=1000),
    hyperparameter("learning_rate", 0.001, "float", min=0, max=1),
    hyperparameter("batch_size", 32, min=1, max=1024),
    hyperparameter("dropout_rate", 0.2, "float", min=0, max=1),
    hyperparameter("optimizer", "adam", "text", options=["adam", "sgd", "adagrad"]),
    hyperparameter("augmentation", "False", "text", options=["False", "True"]),
    hyperparameter("lora_r", 8, min=1),
    hyperparameter("target_modules", "q_proj", "text"),
]
ROWS = form(
    training_run(instance=InstanceChoice("ml.g5.12xlarge"), hyperparameters={"batch_size": AUTO}),
    model_spec(hyperparameters=FIELDS),
).rows


def row(name: str) -> FormRow:
    return next(each for each in ROWS if each.name == name)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("learning_rate", "3", "must be from 0 to 1"),
        ("lora_r", "0", "must be at least 1"),
        ("epochs", "1.5", "must be a whole number, not '1.5'"),
        ("learning_rate", "nan", "is nan, not a finite number"),
        ("optimizer", "lion", "must be one of the choices"),
        ("augmentation", "t", None),
        ("batch_size", AUTO, None),
        ("epochs", AUTO, "must be a number, not 'auto'"),
        ("target_modules", "anything", None),
    ],
)
def test_what_is_wrong_is_said_in_a_few_words(name: str, text: str, said: str | None) -> None:
    assert complaint(row(name), text) == said


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("optimizer", "s", "sgd"),
        ("optimizer", "SGD", "sgd"),
        ("optimizer", "ad", "ad"),
        ("optimizer", "adag", "adagrad"),
        ("augmentation", "true", "True"),
        ("epochs", " 7 ", "7"),
    ],
)
def test_the_beginning_of_one_choice_is_that_choice(name: str, text: str, value: str) -> None:
    assert completed(row(name), text) == value


@pytest.mark.parametrize(
    ("name", "text", "steps", "value"),
    [
        ("learning_rate", "0.001", 1, "0.01"),
        ("learning_rate", "0.001", -2, "1e-05"),
        ("learning_rate", "0.5", 1, "1"),
        ("learning_rate", "0", 1, "1e-06"),
        ("epochs", "5", -1, "4"),
        ("epochs", "1", -1, "1"),
        ("batch_size", "128", 1, "256"),
        ("batch_size", "1024", 1, "1024"),
        ("batch_size", AUTO, 1, "32"),
        ("dropout_rate", "0.2", 1, "0.3"),
        ("lora_r", "8", 1, "16"),
        ("optimizer", "adam", -1, "sgd"),
        ("optimizer", "adam", 1, "adam"),
        ("augmentation", "False", 1, "True"),
        ("epochs", "many", 1, "5"),
        ("target_modules", "q_proj", 1, "q_proj"),
    ],
)
def test_a_step_multiplies_adds_or_takes_the_next_choice(name: str, text: str, steps: int, value: str) -> None:
    assert stepped(row(name), text, steps) == value


def test_the_footer_says_how_far_a_step_goes() -> None:
    words = {name: step_words(row(name)) for name in ("learning_rate", "batch_size", "epochs", "dropout_rate")}
    assert words == {
        "learning_rate": "step by 10 ×",
        "batch_size": "step by 2 ×",
        "epochs": "step by 1",
        "dropout_rate": "step by 0.1",
    }
    assert (step_words(row("optimizer")), step_words(row("target_modules"))) == ("other choice", "")


@given(st.sampled_from(ROWS), st.text(max_size=12), st.integers(-40, 40))
def test_steps_from_what_is_right_stay_right(each: FormRow, text: str, steps: int) -> None:
    after = stepped(each, text, steps)
    if each.wrong(completed(each, text)) is None:
        assert each.wrong(after) is None
