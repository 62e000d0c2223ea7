"""The run file: what is written is read back, and what is wrong is said all at once."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jsft_tui.core.errors import Problem, ProblemKind
from jsft_tui.core.run import AUTO, DEFAULT_MAX_RUNTIME, SCALED, InstanceChoice, KmsKeys, ModelChoice, Run, Vpc
from jsft_tui.core.runfile import dump_run, parse_run, run_document

MINIMAL = """\
name: flowers
model: {id: tensorflow-ic-x}
output: s3://bucket
instance: {type: ml.g5.2xlarge}
"""

NASTY = (
    *("1e-4", "1E5", "1.0e-05", "0.0001", "1e400", ".5", "5.", "-0", "+5", "010", "08", "0x10", "0o7", "0b1", "1_000"),
    *("yes", "no", "on", "off", "y", "n", "Yes", "NO", "true", "True", "TRUE", "false", "False", "null", "Null", "~"),
    *("None", "nan", ".nan", "inf", ".inf", "-.inf", "auto", "scaled", "default", "", " ", " spaced", "spaced ", "\t"),
    *("2026-11-23", "2026-11-23 03:11:00", "12:30:45", "1:30", "<<", "=", "-", "- a", "? a", "a: b", "a #b", "#", "!a"),
    *("&a", "*a", "[1]", "{a: 1}", "|", ">", "%", "@", "`", "'", '"', "\\", "a\nb", "\n", "a\r\nb", "\x85", "\u2028"),
    *(
        "\ufeff",
        "\x00",
        "\x1b[31m",
        "日本",
        "😀",
        "q_proj,v_proj",
        "---",
        "...",
        "9" * 5_000,
        "x" * 2_500,
        "word " * 90,
    ),
)

WORDS = st.one_of(
    st.from_regex(r"[a-z0-9][a-z0-9:/.+=@_-]{0,40}", fullmatch=True),
    st.sampled_from([text.strip() for text in NASTY if text.strip() and len(text) < 200]),
    st.text(min_size=1, max_size=20).map(str.strip).filter(bool),
)
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=30), st.integers().map(str), st.floats().map(str))
SCALARS = st.dictionaries(st.one_of(st.from_regex(r"[a-z][a-z_-]{0,20}", fullmatch=True), TEXTS), TEXTS, max_size=5)
SECONDS = st.integers(1, 28 * 86_400)
RUNS = st.builds(
    Run,
    name=WORDS,
    model=st.builds(ModelChoice, WORDS, WORDS, st.none() | WORDS),
    instance=st.builds(
        InstanceChoice, WORDS, st.integers(1, 100), st.booleans(), SECONDS, st.none() | SECONDS, st.none() | SECONDS
    ),
    output=WORDS,
    data=st.dictionaries(WORDS, WORDS, max_size=3),
    hyperparameters=SCALARS,
    role=st.none() | WORDS,
    vpc=st.none() | st.builds(Vpc, st.lists(WORDS, max_size=3).map(tuple), st.lists(WORDS, max_size=3).map(tuple)),
    kms=st.builds(KmsKeys, st.none() | WORDS, st.none() | WORDS),
    tags=SCALARS,
    environment=SCALARS,
    encrypt_traffic=st.none() | st.booleans(),
    network_isolation=st.none() | st.booleans(),
    volume_gb=st.none() | st.integers(1, 10_000),
    checkpoint=st.none() | WORDS,
    max_cost_usd=st.none() | st.floats(0, 1e9),
    accept_eula=st.booleans(),
)


def run_with(**changes: Any) -> Run:
    return replace(Run("flowers", ModelChoice("m"), InstanceChoice("ml.g5.2xlarge"), "s3://bucket"), **changes)


def parsed(**keys: str) -> Run:
    """A minimal run file with some top-level keys written out as given."""
    return parse_run(MINIMAL + "".join(f"{key}: {text}\n" for key, text in keys.items()))


def refusal(text: str) -> str:
    begin = time.perf_counter()
    with pytest.raises(Problem) as caught:
        parse_run(text)
    assert time.perf_counter() - begin < 2, "it took too long to refuse"
    assert caught.value.code == "BadRunFile"
    assert caught.value.kind is ProblemKind.USAGE
    assert caught.value.remedy
    assert len(caught.value.message) < 5_000
    return caught.value.message


def refused(**keys: str) -> str:
    lines = yaml.safe_load(MINIMAL)
    kept = {key: value for key, value in lines.items() if key not in keys}
    return refusal(yaml.safe_dump(kept) + "".join(f"{key}: {text}\n" for key, text in keys.items()))


# -- what is written is read back


@settings(max_examples=80, deadline=None)
@given(RUNS)
def test_a_run_written_and_read_is_the_same(run: Run) -> None:
    assert parse_run(dump_run(run)) == run


@pytest.mark.parametrize("value", NASTY, ids=lambda text: repr(text[:20]))
def test_a_nasty_value_survives_in_hyperparameters_tags_and_environment(value: str) -> None:
    run = run_with(hyperparameters={"h": value}, tags={"t": value}, environment={"E": value})
    assert parse_run(dump_run(run)) == run


@pytest.mark.parametrize("name", NASTY, ids=lambda text: repr(text[:20]))
def test_a_nasty_name_survives_too(name: str) -> None:
    run = run_with(hyperparameters={name: "1"}, tags={name: "x"})
    assert parse_run(dump_run(run)) == run


@settings(max_examples=30, deadline=None)
@given(RUNS)
def test_a_written_run_is_plain_yaml_with_the_document_in_it(run: Run) -> None:
    assert list(yaml.safe_load(dump_run(run))) == list(run_document(run))


def test_numbers_are_written_without_quotes() -> None:
    text = dump_run(run_with(hyperparameters={"epochs": "5", "learning_rate": "0.001", "batch_size": AUTO}))
    assert "\n  epochs: 5\n" in text
    assert "\n  learning_rate: 0.001\n" in text
    assert "\n  batch_size: auto\n" in text


def test_the_times_are_written_as_people_write_them() -> None:
    text = dump_run(run_with(instance=InstanceChoice("ml.g5.2xlarge", spot=True, max_runtime=5400, max_wait=86_400)))
    assert "max_runtime: 1h30m" in text
    assert "max_wait: 1d" in text


# -- what people write


def test_what_is_left_out_has_its_default() -> None:
    run = parse_run(MINIMAL)
    assert run == Run("flowers", ModelChoice("tensorflow-ic-x"), InstanceChoice("ml.g5.2xlarge"), "s3://bucket")
    assert run.instance.max_runtime == DEFAULT_MAX_RUNTIME
    assert run.uses_default_data


def test_the_example_of_the_product_is_read() -> None:
    run = parse_run(
        """\
version: 1
name: flowers-lite0
model: {id: tensorflow-ic-efficientnet-lite0-classification-2, version: "*"}
data: {training: s3://bucket/flowers/}          # or: default
output: s3://bucket
instance: {type: ml.g5.2xlarge, count: 1, spot: false, max_runtime: 6h}
hyperparameters: {epochs: 5, batch_size: auto}
role: arn:aws:iam::123456789012:role/Train      # optional: vpc, kms, tags, environment, volume_gb, checkpoint
max_cost_usd: 20
accept_eula: false
"""
    )
    assert run.data == {"training": "s3://bucket/flowers/"}
    assert run.hyperparameters == {"epochs": "5", "batch_size": "auto"}
    assert run.instance.max_runtime == 21_600
    assert run.max_cost_usd == 20.0


def test_the_model_may_be_named_in_short() -> None:
    assert parse_run(MINIMAL.replace("{id: tensorflow-ic-x}", "tensorflow-ic-x")).model == ModelChoice(
        "tensorflow-ic-x"
    )


@pytest.mark.parametrize("written", ["default", "", "~"])
def test_the_default_data_is_asked_for_by_its_word_or_by_nothing(written: str) -> None:
    assert parsed(data=written).uses_default_data


def test_data_in_one_place_is_the_training_channel() -> None:
    assert parsed(data="s3://bucket/flowers/").data == {"training": "s3://bucket/flowers/"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("5", "5"),
        ("0.001", "0.001"),
        ("1e-4", "1e-4"),
        ("5e-05", "5e-05"),
        ("true", "True"),
        ("True", "True"),
        ("false", "False"),
        ("no", "no"),
        ("yes", "yes"),
        ("off", "off"),
        ("null", "None"),
        ("None", "None"),
        ("010", "010"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2026-11-23", "2026-11-23"),
        ("'5'", "5"),
        ("'true'", "true"),
        ('" spaced"', " spaced"),
        ('""', ""),
        ("q_proj,v_proj", "q_proj,v_proj"),
        ("scaled", SCALED),
    ],
)
def test_a_hyperparameter_is_taken_as_it_is_written(written: str, read: str) -> None:
    """`save_strategy: no` is an option of real models, and YAML 1.1 would make it False."""
    assert parsed(hyperparameters=f"\n  value: {written}").hyperparameters == {"value": read}


@pytest.mark.parametrize(
    ("written", "read"), [("true", "true"), ("1", "1"), ("", ""), ("'True'", "True"), ("off", "off")]
)
def test_a_tag_or_variable_is_taken_as_it_is_written(written: str, read: str) -> None:
    run = parsed(tags=f"{{Value: {written}}}", environment=f"{{VALUE: {written}}}")
    assert run.tags == {"Value": read}
    assert run.environment == {"VALUE": read}


@pytest.mark.parametrize(("written", "read"), [("2.0.4", "2.0.4"), ("'*'", "*"), ("2.*", "2.*"), ("3", "3")])
def test_a_version_is_taken_as_it_is_written(written: str, read: str) -> None:
    assert parse_run(MINIMAL.replace("x}", f"x, version: {written}}}")).model.version == read


# -- what is wrong


def test_all_errors_are_said_at_once() -> None:
    message = refusal(
        """\
version: 2
nmae: flowers
model: {version: 1.2.3}
instance: {type: ml.g5.2xlarge, count: 0, spot: maybe, max_runtime: soon}
volume_gb: many
"""
    )
    for part in (
        "version is 2",
        "'nmae' (did you mean name)",
        "name is missing",
        "output is missing",
        "model.id is missing",
        "instance.count must be a whole number",
        "instance.spot must be true or false",
        "instance.max_runtime: 'soon'",
        "volume_gb must be a whole number",
    ):
        assert part in message


@pytest.mark.parametrize(
    ("section", "hint"),
    [
        ("hyperparams: {}", "hyperparameters"),
        ("max_cost: 3", "max_cost_usd"),
        ("Tags: {}", "tags"),
        ("model: {id: x, verson: 1.0.0}", "version"),
        ("instance: {type: x, maxruntime: 1h}", "max_runtime"),
        ("kms: {volumes: x}", "volume"),
        ("vpc: {subnet: [a], security_group_ids: [b]}", "subnets"),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(section: str, hint: str) -> None:
    key, _, value = section.partition(": ")
    message = refused(**{key: value})
    assert "unknown key" in message
    assert f"did you mean {hint}" in message


def test_an_unknown_key_that_is_like_none_is_told_the_known_ones() -> None:
    assert "known: volume, output" in refused(kms="{zzz: x}")


@pytest.mark.parametrize(
    "text",
    [
        "name: a\nname: b",
        "name: a\n'name': b",
        "hyperparameters: {epochs: 1, epochs: 2}",
        "instance:\n  type: a\n  type: b",
    ],
)
def test_a_key_that_stands_twice_is_an_error_with_its_line(text: str) -> None:
    message = refusal(text)
    assert "stands twice" in message
    assert "line " in message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "just words",
        "- a\n- list",
        "5",
        "name: [unclosed",
        "name: a\n\tmodel: b",
        "a: b: c",
        "version: *",
        "--- a\n--- b",
        "%YAML 9.9\n---\na: 1",
        "name: !!python/object/apply:os.system [id]",
        "name: !unknown x",
        "name: \x00",
        "? [a, b]\n: c",
        "? {a: b}\n: c",
        "<<: {name: x}",
        "name: !!int x",
        "name: !!float x",
        "name: !!bool x",
        "name: !!timestamp x",
        "name: !!timestamp 2024-13-45",
        "name: !!binary '*'",
        "name: !!int 0x_",
        "name: !!set [a]",
        "hyperparameters: {a: !!set {x}}",
        "name: &a [*a]",
        "volume_gb: " + "9" * 5_000,
    ],
)
def test_what_is_no_run_file_is_refused_in_words(text: str) -> None:
    assert "\n" not in refusal(text)


def test_deep_nesting_is_refused_quickly() -> None:
    refusal("name: " + "[" * 50_000)
    refusal("name: " + "{a: " * 50_000)
    refusal("".join(" " * level + "a:\n" for level in range(3_000)))


def test_an_alias_bomb_is_refused_quickly() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(60))
    for key in ("name", "data", "role", "version", "volume_gb", "max_cost_usd", "accept_eula", "kms"):
        refusal(bomb + f"{key}: *a60\n")
    refusal(bomb + "instance: {type: *a60, count: *a60, max_runtime: *a60, spot: *a60}\nvpc: {subnets: [*a60]}\n")
    refusal(bomb + "hyperparameters: {a: *a60}\ntags: *a60\nenvironment: {*a60 : x}\n")


def test_a_chain_of_merges_is_refused_quickly() -> None:
    merges = "a0: &a0 {x: 1}\n" + "".join(f"a{n + 1}: &a{n + 1} {{<<: [*a{n}, *a{n}]}}\n" for n in range(40))
    refusal(merges)


def test_a_huge_value_is_cut_in_the_message() -> None:
    refused(volume_gb="x" * 1_000_000)
    refusal("k" * 100_000 + ": 1\n" + MINIMAL)


WRONG = {
    "name": ["[a]", "{a: b}", "true", "''", "' '", "1.5"],
    "model": ["5", "[a]", "{}", "{id: [a]}", "{id: x, version: 2.10}", "{id: x, artifact: {}}"],
    "data": ["5", "[s3://a/b]", "{}", "{training: 5.5}", "{training: ~}", "''", "{training: [a]}"],
    "output": ["[a]", "''", "true"],
    "instance": [
        "ml.g5.xlarge",
        "{}",
        "{type: ~}",
        "{type: x, count: 1.5}",
        "{type: x, count: -1}",
        "{type: x, count: true}",
    ],
    "hyperparameters": ["5", "[a]", "{a: [1]}", "{a: {b: 1}}", "text"],
    "role": ["[a]", "true", "''"],
    "vpc": [
        "text",
        "{}",
        "{subnets: [a]}",
        "{subnets: 5, security_group_ids: [a]}",
        "{subnets: [5], security_group_ids: [a]}",
    ],
    "kms": ["text", "{volume: [a]}", "{volume: true}"],
    "tags": ["[a]", "text", "{a: [b]}"],
    "environment": ["[a]", "text", "{a: {b: c}}"],
    "encrypt_traffic": ["5", "'true'", "yes"],
    "network_isolation": ["0", "no"],
    "volume_gb": ["0", "1.5", "'5'", "true", "-5", "30GB"],
    "checkpoint": ["[a]", "true"],
    "max_cost_usd": ["-1", ".inf", ".nan", "'5'", "true", "20 USD"],
    "accept_eula": ["1", "'true'", "yes", "sure"],
    "version": ["2", "'1'", "true", "[1]", "1.5", "~a"],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
def test_a_value_of_the_wrong_type_is_an_error_that_names_its_key(key: str, value: str) -> None:
    assert key in refused(**{key: value})


def test_a_fraction_where_text_belongs_is_told_to_be_quoted() -> None:
    """`version: 2.10` would be read as 2.1."""
    assert "quotes" in refused(model="{id: x, version: 2.10}")


def test_an_empty_value_is_called_empty() -> None:
    assert "output is empty" in refused(output="''")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
@example("\ud800")
@example("!!python/name:os.system ''")
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    try:
        parse_run(text)
    except Problem as problem:
        assert problem.code == "BadRunFile"


YAML_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.binary(max_size=5)
    | st.dates()
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(sorted(WRONG))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(KEYS, YAML_VALUES))
def test_any_values_at_all_are_read_or_refused(values: dict[str, Any]) -> None:
    text = yaml.safe_dump({**yaml.safe_load(MINIMAL), **values})
    try:
        parse_run(text)
    except Problem as problem:
        assert problem.code == "BadRunFile"
