"""What our hyperparameter validation adds to the SDK's: all errors at once, remedies, words for what is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from jsft_tui.core.catalog.spec.hyperparameter import (
    HyperparameterSpec,
    HyperparameterType,
    Scope,
    changed,
    defaults,
    errors,
    not_finite,
)


def declared(name: str, type_: str, default: object, **more: Any) -> HyperparameterSpec:
    return HyperparameterSpec.parse({"name": name, "type": type_, "default": default, "scope": "algorithm", **more})


EPOCHS = declared("epochs", "int", 5, min=1, max=1000)
RATE = declared("learning_rate", "float", 0.001, min=1e-8, max=1)
OPTIMIZER = declared("optimizer", "text", "adam", options=["adam", "sgd"])
FROZEN = declared("frozen", "bool", True)
PROGRAM = declared("sagemaker_program", "text", "train.py", scope="container")
SPECS = (EPOCHS, RATE, OPTIMIZER, FROZEN, PROGRAM)


def test_all_errors_are_found_at_once_in_the_order_of_the_values() -> None:
    found = errors(SPECS, {"optimizer": "Adam", "epochs": "0", "learning_rate": "fast", "frozen": "yes"})

    assert [str(error) for error in found] == [
        "optimizer must be one of adam, sgd, not 'Adam'",
        "epochs is 0; allowed: 1 to 1000",
        "learning_rate must be a number, not 'fast'",
        "frozen must be True or False, not 'yes'",
    ]


def test_right_values_have_no_errors_and_those_not_given_are_not_asked_for() -> None:
    assert errors(SPECS, {"epochs": "7", "frozen": "false"}) == []
    assert errors(SPECS, {}) == []


def test_an_unknown_name_is_an_error_that_offers_the_nearest_ones() -> None:
    (found,) = errors(SPECS, {"epoch": "5"})

    assert (found.name, found.message) == ("epoch", "is not a hyperparameter of this model. Did you mean epochs?")


def test_a_name_like_no_other_is_offered_nothing() -> None:
    assert str(errors(SPECS, {"zzz": "5"})[0]) == "zzz is not a hyperparameter of this model."


def test_whole_numbers_are_not_fractions_even_of_equal_value() -> None:
    assert EPOCHS.error("5.0") == "must be a whole number, not '5.0'"


@pytest.mark.parametrize(
    ("spec", "allowed"),
    [
        (EPOCHS, "1 to 1000"),
        (RATE, "1e-08 to 1"),
        (OPTIMIZER, "adam, sgd"),
        (FROZEN, "True, False"),
        (PROGRAM, ""),
        (declared("p", "int", 1, min=-1), "at least -1"),
        (declared("p", "int", 1, max=2147483647), "at most 2147483647"),
        (declared("p", "float", 1, min=0.0, max=1234567.5), "0 to 1234567.5"),
        (declared("p", "float", 1, exclusive_min=0), "above 0"),
        (declared("p", "float", 1, exclusive_min=0, exclusive_max=1), "above 0, below 1"),
        (declared("p", "float", 1, min=0, exclusive_max=1), "at least 0, below 1"),
        (declared("p", "int", 1, min=-5, max=-2, exclusive_min=-4), "at least -5, above -4, at most -2"),
        (declared("p", "text", "x", min=1, max=8), "1 to 8 characters"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_allowed_is_said_in_a_few_words(spec: HyperparameterSpec, allowed: str) -> None:
    assert spec.allowed == allowed


@pytest.mark.parametrize(
    ("value", "error"),
    [("0", "is 0; allowed: above 0, below 1"), ("1", "is 1; allowed: above 0, below 1"), ("0.5", None)],
)
def test_exclusive_bounds_are_not_allowed_themselves(value: str, error: str | None) -> None:
    assert declared("dropout", "float", 0.1, exclusive_min=0, exclusive_max=1).error(value) == error


def test_bounds_of_text_count_its_characters() -> None:
    spec = declared("word", "text", "ab", min=2, exclusive_max=4)

    assert spec.error("a") == "has 1 character; allowed: at least 2 characters, below 4 characters"
    assert spec.error("äöü") is None
    assert spec.error("abcd") is not None


@pytest.mark.parametrize("value", ["True", "true", "FALSE", "false"])
def test_booleans_are_words_in_any_case(value: str) -> None:
    assert FROZEN.error(value) is None


@pytest.mark.parametrize("value", ["", "1", "0", "yes", " True", "t"])
def test_other_words_are_no_booleans(value: str) -> None:
    assert FROZEN.error(value) is not None


@pytest.mark.parametrize(
    ("type_", "value", "length"),
    [
        ("text", "x" * 2499, "2,501"),
        ("int", "1" * 3000, "3,002"),
        ("float", " " * 3000, "3,002"),
        ("text", "é" * 417, "2,504"),
    ],
    ids=["text", "digits", "blanks", "escaped letters"],
)
def test_a_value_longer_than_the_service_takes_is_refused(type_: str, value: str, length: str) -> None:
    error = declared("p", type_, "1").error(value)

    assert error == f"is {length} characters long as it is sent; SageMaker takes 2,500"


def test_the_longest_value_that_the_service_takes_is_allowed() -> None:
    assert PROGRAM.error("x" * 2498) is None


def test_a_message_repeats_only_the_beginning_of_a_long_value() -> None:
    for spec in SPECS[:-1]:
        assert len(spec.error("9" * 1000) or "") < 120
        assert len(spec.error("x" * 1000) or "") < 120


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e400"])
def test_numbers_that_no_training_survives_are_named_though_the_sdk_lets_them_pass(value: str) -> None:
    spec = declared("weight_decay", "float", 0.0)

    assert errors((spec,), {"weight_decay": value}) == []
    assert str(not_finite((spec,), {"weight_decay": value})[0]) == f"weight_decay is {value}, not a finite number"


def test_only_numbers_can_be_not_finite() -> None:
    assert not_finite(SPECS, {"learning_rate": "0.1", "optimizer": "nan", "epochs": "inf", "unknown": "nan"}) == []
    assert not_finite(SPECS, {"learning_rate": "fast"}) == []  # `errors` says what is wrong with it


def test_changed_compares_numbers_as_numbers_and_text_as_text() -> None:
    values = {"epochs": "05", "learning_rate": "1e-3", "optimizer": "adam", "frozen": "True", "unknown": "1"}

    assert changed(SPECS, values) == {"unknown": "1"}
    assert changed(SPECS, {"epochs": "6", "optimizer": "Adam", "learning_rate": "fast"}) == {
        "epochs": "6",
        "optimizer": "Adam",
        "learning_rate": "fast",
    }


def test_defaults_are_text_of_the_scopes_asked_for() -> None:
    assert defaults(SPECS, Scope.ALGORITHM) == {
        "epochs": "5",
        "learning_rate": "0.001",
        "optimizer": "adam",
        "frozen": "True",
    }
    assert defaults(SPECS, Scope.CONTAINER) == {"sagemaker_program": "train.py"}
    assert len(defaults(SPECS)) == 5


def test_what_a_spec_does_not_say_is_taken_as_text_without_bounds() -> None:
    spec = HyperparameterSpec.parse({"name": "new", "type": "list", "min": None, "max": True})

    assert (spec.type, spec.scope) == (HyperparameterType.TEXT, Scope.ALGORITHM)
    assert (spec.minimum, spec.maximum, spec.options, spec.allowed) == (None, None, (), "")
    assert spec.error("anything") is None
