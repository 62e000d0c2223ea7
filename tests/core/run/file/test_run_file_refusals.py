"""Invalid run files: all errors are reported at once, in words, quickly."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.run.file.run_file import parse_run
from tests.common.effort import at_most
from tests.core.run.examples import MINIMAL, TEXTS


def refusal(text: str) -> str:
    with at_most(10, "refusing"), pytest.raises(Problem) as caught:
        parse_run(text)
    assert caught.value.code == "BadRunFile"
    assert caught.value.kind is ProblemKind.USAGE
    assert caught.value.remedy
    assert len(caught.value.message) < 5_000
    return caught.value.message


def refused(**keys: str) -> str:
    lines = yaml.safe_load(MINIMAL)
    kept = {key: value for key, value in lines.items() if key not in keys}
    return refusal(yaml.safe_dump(kept) + "".join(f"{key}: {text}\n" for key, text in keys.items()))


# -- what is wrong


@pytest.mark.parametrize("key", ["count: 2", "spot: true", "max_wait: 2h", "keep_alive: 1h"])
def test_a_serverless_run_cannot_choose_instances(key: str) -> None:
    message = refused(customization="{technique: SFT}", instance=f"{{type: serverless, {key}}}")
    assert f"instance.{key.partition(':')[0]} is not for serverless" in message


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


def test_an_unknown_key_that_is_like_none_lists_the_known_ones() -> None:
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
    assert "duplicate key" in message
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
        "[ml.g5.xlarge]",
        "serverless",
        "{type: serverless, count: 2}",
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
    "customization": [
        "SFT",
        "{}",
        "{technique: PPO}",
        "{technique: ~}",
        "{technique: SFT, adapter: QLoRA}",
        "{technique: SFT, sequence_length: [4K]}",
        "{technique: SFT, peft: LORA}",
    ],
    "version": ["2", "'1'", "true", "[1]", "1.5", "~a"],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
def test_a_value_of_the_wrong_type_is_an_error_that_names_its_key(key: str, value: str) -> None:
    assert key in refused(**{key: value})


def test_a_fraction_where_text_belongs_should_be_quoted() -> None:
    """`version: 2.10` would be read as 2.1."""
    assert "quotes" in refused(model="{id: x, version: 2.10}")


def test_an_empty_value_is_called_empty() -> None:
    assert "output is empty" in refused(output="''")


@settings(max_examples=100)
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


@settings(max_examples=100)
@given(st.dictionaries(KEYS, YAML_VALUES))
def test_any_values_at_all_are_read_or_refused(values: dict[str, Any]) -> None:
    text = yaml.safe_dump({**yaml.safe_load(MINIMAL), **values})
    try:
        parse_run(text)
    except Problem as problem:
        assert problem.code == "BadRunFile"
