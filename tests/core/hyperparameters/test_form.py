"""The form of the hyperparameters: rows, editors, errors, search, and who decides the batch size."""

from __future__ import annotations

from typing import Any

import pytest

from jsft_tui.core.hyperparameters.form import (
    Form,
    FormRow,
    Hold,
    batch_facts,
    batch_origin,
    fitting,
    form,
    with_automatic_batch,
    with_reset,
)
from jsft_tui.core.hyperparameters.help import help_text
from jsft_tui.core.hyperparameters.values import resolved_values
from jsft_tui.core.preflight.checks.model.hyperparameters import evaluate
from jsft_tui.core.run.run import AUTO, SCALED, InstanceChoice, Run
from tests.common.shared_data import needs_shared_data, spec
from tests.core.catalog.specs import hyperparameter, model_spec, training_run
from tests.core.preflight.examples import inputs, plan

FOUR = InstanceChoice("ml.g5.12xlarge")
FIELDS = [
    hyperparameter("epochs", 3, min=1, max=1000),
    hyperparameter("learning_rate", 0.001, "float", min=0, max=1),
    hyperparameter("batch_size", 32, min=1, max=1024),
    hyperparameter("optimizer", "adam", "text", options=["adam", "sgd"]),
    hyperparameter("augmentation", "False", "text", options=["False", "True"]),
    hyperparameter("reinitialize_top_layer", "Auto", "text", options=["Auto", "True", "False"]),
    hyperparameter("shuffle", True, "bool"),
    hyperparameter("target_modules", "q_proj", "text"),
]
SPEC = model_spec(hyperparameters=FIELDS)
UNDOCUMENTED = model_spec("pytorch-ic-mobilenet", hyperparameters=[hyperparameter("batch_size", 4)])


def run_with(instance: InstanceChoice = FOUR, **values: str) -> Run:
    return training_run(instance=instance, hyperparameters=values)


def row(shown: Form, name: str) -> FormRow:
    found = shown.row(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [
        ("epochs", "whole number", ()),
        ("learning_rate", "number", ()),
        ("target_modules", "text", ()),
        ("optimizer", "2 choices", ("adam", "sgd")),
        ("augmentation", "2 choices", ("True", "False")),
        ("shuffle", "True or False", ("True", "False")),
    ],
)
def test_a_row_says_what_its_values_are(name: str, kind: str, options: tuple[str, ...]) -> None:
    found = row(form(run_with(), SPEC), name)
    assert (found.kind, found.options) == (kind, options)


def test_a_switch_has_the_words_of_the_spec() -> None:
    lower = model_spec(hyperparameters=[hyperparameter("flag", "true", "text", options=["false", "true"])])
    assert row(form(run_with(), lower), "flag").options == ("true", "false")


def test_rows_show_value_default_range_and_change() -> None:
    shown = form(run_with(epochs="10", learning_rate="1e-3", batch_size=AUTO), SPEC)
    epochs = row(shown, "epochs")

    assert [each.name for each in shown.rows] == [field["name"] for field in FIELDS]
    assert (epochs.value, epochs.default, epochs.declared.allowed) == ("10", "3", "1 to 1000")
    assert "dataset" in epochs.help
    assert [each.name for each in shown.rows if each.is_changed] == ["epochs"]
    assert [each.name for each in shown.rows if each.differs] == ["epochs", "batch_size"]  # 128 on four GPUs
    assert (shown.changed_count, shown.error_count) == (2, 0)


def test_all_errors_are_there_at_once_and_nan_and_unknown_names_are_some() -> None:
    shown = form(run_with(epochs="0", learning_rate="nan", optimizer="lion", epoch="4", batch_size=AUTO), SPEC)

    assert {each.name for each in shown.rows if each.errors} == {"epochs", "learning_rate", "optimizer", "epoch"}
    assert shown.error_count == 4
    assert "Did you mean epochs?" in row(shown, "epoch").errors[0]
    assert (row(shown, "epoch").default, row(shown, "epoch").is_known) == ("", False)


def test_values_that_do_not_go_together_mark_both_rows_and_count_once() -> None:
    flags = [
        hyperparameter(name, default, "text", options=["True", "False"])
        for name, default in (("int8_quantization", "False"), ("enable_fsdp", "True"))
    ]
    shown = form(run_with(int8_quantization="True"), model_spec(hyperparameters=flags))

    assert [bool(each.errors) for each in shown.rows] == [True, True]
    assert shown.error_count == 1
    assert "Set one of them" in shown.rows[1].errors[0]


@pytest.mark.parametrize(
    "values",
    [
        {"epochs": "0", "optimizer": "lion"},
        {"batch_size": AUTO},
        {"batch_size": "many"},
        {"learning_rate": "inf", "nonsense": "1"},
    ],
)
@pytest.mark.parametrize("type_", ["ml.g5.12xlarge", "ml.zz9.48xlarge"])
def test_the_form_and_preflight_say_the_same(values: dict[str, str], type_: str) -> None:
    run = run_with(InstanceChoice(type_), **values)
    blocks = list(evaluate(plan(model=SPEC, instance=run.instance, hyperparameters=values), inputs()))
    said = [message.rstrip(".") for each in form(run, SPEC).rows for message in each.errors]

    assert sorted(message for message in said if not any(message in each.message for each in blocks)) == []
    assert form(run, SPEC).error_count == sum(each.level.value == "block" for each in blocks)


def test_a_value_is_judged_while_it_is_typed() -> None:
    shown = form(run_with(batch_size=AUTO), SPEC)

    assert row(shown, "epochs").wrong("5") is None
    assert "allowed: 1 to 1000" in str(row(shown, "epochs").wrong("1001"))
    assert "finite" in str(row(shown, "learning_rate").wrong("nan"))
    assert row(shown, "batch_size").wrong(AUTO) is None
    assert row(shown, "epochs").wrong(AUTO) is not None


@pytest.mark.parametrize(
    ("said", "value", "origin", "hold"),
    [
        (AUTO, "128", "32 × 4 GPUs", Hold.INSTANCE),
        ("100", "100", "", Hold.TYPED),
        (None, "32", "", Hold.MODEL),
    ],
)
def test_the_batch_row_says_who_decides(said: str | None, value: str, origin: str, hold: Hold) -> None:
    run = run_with(batch_size=said) if said else run_with()
    found = row(form(run, SPEC), "batch_size")

    assert (found.value, batch_origin(form(run, SPEC)), found.hold) == (value, origin, hold)
    assert found.value == resolved_values(run, SPEC).get("batch_size", "32")
    assert dict(batch_facts(form(run, SPEC)))["Decides"] == hold.value
    assert row(form(run, SPEC), "epochs").hold is None


def test_the_batch_is_explained_with_rule_base_and_effect() -> None:
    known = dict(batch_facts(form(run_with(batch_size=AUTO), SPEC)))
    homeless = dict(batch_facts(form(run_with(InstanceChoice(""), batch_size=AUTO), SPEC)))

    assert known["Rule"] == "for each GPU: multiplied by the GPUs of the instance"
    assert known["Base"] == "32 for each GPU, at most 1024"
    assert known["Now"] == "32 per GPU × 4 GPUs = 128"
    assert known["Effective"] == "128"
    assert "instance is chosen" in homeless["Effective"]
    assert batch_facts(form(run_with(), model_spec(hyperparameters=FIELDS[:1]))) == ()


def test_a_batch_per_device_is_never_multiplied() -> None:
    llm = model_spec(
        "meta-textgeneration-llama-2-7b", hyperparameters=[hyperparameter("per_device_train_batch_size", 4)]
    )
    shown = form(run_with(per_device_train_batch_size=AUTO), llm)

    assert row(shown, "per_device_train_batch_size").value == "4"
    assert dict(batch_facts(shown))["Effective"] == "16"


def test_a_batch_that_cannot_follow_is_an_error() -> None:
    shown = form(run_with(InstanceChoice("ml.zz9.48xlarge"), batch_size=AUTO), SPEC)

    assert row(shown, "batch_size").value == AUTO
    assert "cannot follow ml.zz9.48xlarge" in row(shown, "batch_size").errors[0]


def test_automatic_batches_scale_undocumented_ones_only_when_asked_once_more() -> None:
    typed = run_with(batch_size="10")
    first = with_automatic_batch(typed, UNDOCUMENTED)
    second = with_automatic_batch(first, UNDOCUMENTED)
    third = with_automatic_batch(second, UNDOCUMENTED)

    assert [run.hyperparameters["batch_size"] for run in (first, second, third)] == [AUTO, SCALED, AUTO]
    assert [row(form(run, UNDOCUMENTED), "batch_size").value for run in (first, second)] == ["4", "16"]
    documented = with_automatic_batch(run_with(batch_size=AUTO), SPEC)
    assert documented.hyperparameters["batch_size"] == AUTO
    trees = model_spec(hyperparameters=FIELDS[:1])
    assert with_automatic_batch(typed, trees) == typed


def test_one_value_is_reset_and_the_batch_follows_again() -> None:
    run = run_with(epochs="10", batch_size="100", nonsense="1")

    assert with_reset(run, SPEC, "epochs").hyperparameters == {"batch_size": "100", "nonsense": "1"}
    assert with_reset(run, SPEC, "batch_size").hyperparameters["batch_size"] == AUTO
    assert "nonsense" not in with_reset(run, SPEC, "nonsense").hyperparameters


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("batch-size", ["batch_size"]),
        ("GOES dataset", ["epochs"]),
        ("learning", ["learning_rate"]),
        ("zzz", []),
    ],
)
def test_names_and_help_are_searched(search: str, names: list[str]) -> None:
    rows = form(run_with(), SPEC).rows

    assert [each.name for each in fitting(rows, search, only_changed=False)] == names


def test_only_what_is_changed_or_wrong() -> None:
    rows = form(run_with(epochs="10", optimizer="lion"), SPEC).rows

    assert [each.name for each in fitting(rows, "", only_changed=True)] == ["epochs", "optimizer"]


def test_defaults_are_those_of_the_instance_type() -> None:
    variants: dict[str, Any] = {"g5": {"properties": {"hyperparameters": [{"name": "epochs", "default": 7}]}}}
    model = model_spec(hyperparameters=FIELDS, training_instance_type_variants={"variants": variants})

    assert row(form(run_with(), model), "epochs").default == "7"
    assert row(form(run_with(epochs="7"), model), "epochs").is_changed is False
    assert row(form(run_with(InstanceChoice("ml.m5.xlarge"), epochs="7"), model), "epochs").is_changed is True


def test_help_is_for_known_names_in_either_spelling() -> None:
    assert help_text("batch-size") == help_text("batch_size") != ""
    assert help_text("no_such_name") == ""


@needs_shared_data
@pytest.mark.parametrize(
    "model_id", ["huggingface-llm-gemma-2b-instruct", "meta-textgeneration-llama-2-7b", "lightgbm-classification-model"]
)
def test_real_models_have_forms_without_errors(model_id: str) -> None:
    model = spec(model_id)
    shown = form(run_with(InstanceChoice(model.instance_types[0])), model)

    assert len(shown.rows) == len(model.algorithm_hyperparameters)
    assert (shown.changed_count, shown.error_count) == (0, 0)
    assert sum(bool(each.help) for each in shown.rows) > len(shown.rows) * 0.6
