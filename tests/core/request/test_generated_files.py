"""Every generated file is built from values: specs of anybody are read back as they were, and nothing is injected."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterSpec
from jsft_tui.core.common.escapes import code_escape, in_ascii
from jsft_tui.core.common.strict_yaml import comment, read_yaml
from jsft_tui.core.request.export import export_formats
from jsft_tui.core.run.file.run_file import commented_defaults, dump_run, parse_run
from jsft_tui.core.run.run import InstanceChoice, ModelChoice, Run
from tests.common.hostile import HOSTILE, OBEYED, TEXTS
from tests.core.catalog.small_spec import request_for, small_spec
from tests.core.request.test_export import FEW, modules, ran_boto3, ran_sagemaker, snake_members

__all__ = ["modules"]

INJECTIONS = ("1\nrole: arn:aws:iam::1:role/x", "a\u2028role: x", "a\x85role: x", "a\rrole: x", "x # no comment", "# x")
VALUES = st.sampled_from(INJECTIONS) | TEXTS | st.integers() | st.floats(allow_nan=False) | st.booleans()
NAMES = st.sampled_from(INJECTIONS) | TEXTS
SENDABLE = TEXTS.filter(lambda text: text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text))
RUN = Run("flowers", ModelChoice("m"), InstanceChoice("ml.g5.2xlarge"), "s3://bucket", hyperparameters={"epochs": "5"})
DECLARED = st.builds(
    lambda name, default, options: HyperparameterSpec.parse(
        {"name": name, "type": "text", "default": default, "options": options, "scope": "algorithm"}
    ),
    NAMES,
    VALUES,
    st.lists(NAMES, max_size=3),
)
"""Hyperparameters of a spec."""


def hostile_request(texts: Mapping[str, str], key: str) -> dict[str, Any]:
    """The request for a spec and a run that consist of such texts."""
    spec = small_spec(
        hyperparameters=[
            {"name": name, "type": "text", "default": text, "scope": "algorithm"} for name, text in texts.items()
        ],
        metrics=[{"Name": name, "Regex": text} for name, text in texts.items()],
        training_script_key=key,
        training_prepacked_script_key=key,
        training_artifact_key=key,
    )
    return request_for(spec, hyperparameters=dict(texts), environment=dict(texts), tags=dict(texts))


REQUESTS = st.builds(hostile_request, st.dictionaries(SENDABLE, SENDABLE, max_size=5), SENDABLE)


def entries(text: str) -> dict[str, Any]:
    """The comments of a run file as the entries that they are when the `#` is removed."""
    lines = text.splitlines()[1:]
    assert all(line.startswith("#   ") for line in lines)
    return dict(read_yaml("\n".join(line.removeprefix("# ") for line in lines)) or {})


# The run file


@given(st.lists(DECLARED, max_size=6, unique_by=lambda each: each.name))
def test_commented_defaults_add_nothing_and_hold_the_values(declared: list[HyperparameterSpec]) -> None:
    text = commented_defaults(declared, {})

    assert parse_run(dump_run(RUN) + text) == RUN
    assert all(line.startswith("#") for line in text.splitlines())
    assert not OBEYED.search(text)
    read = entries(text)
    assert {name: str(value) for name, value in read.items()} == {each.name: each.default_text for each in declared}


@given(st.dictionaries(NAMES, NAMES, max_size=6), st.lists(DECLARED, max_size=3))
def test_a_run_file_holds_the_values_in_ascii_too(values: dict[str, str], declared: list[HyperparameterSpec]) -> None:
    run = replace(RUN, hyperparameters=values, environment=values, tags=values, data={"training": "s3://b/é 日本 /"})
    text = dump_run(run) + commented_defaults(declared, values)

    assert not OBEYED.search(text)
    assert parse_run(text) == run
    assert parse_run(in_ascii(text, code_escape)) == run


@given(TEXTS)
@example("a\u2028b\x85c\rd\x0be\x1cf\ng")
def test_a_comment_is_one_line_for_every_reader(text: str) -> None:
    line = comment(text)

    assert line.startswith("# ") or line == "#\n"
    assert len(line.splitlines()) == 1
    assert read_yaml(line) is None


@pytest.mark.parametrize("text", ["s3://b/folder /", " s3://b/ x", "s3://b/x\u00a0"])
def test_blanks_at_the_ends_of_a_value_are_kept(text: str) -> None:
    run = replace(RUN, data={"training": text}, output=text)

    assert parse_run(dump_run(run)) == run


# The exports


@FEW
@given(REQUESTS)
def test_python_programs_send_the_values(modules: pytest.MonkeyPatch, request_: dict[str, Any]) -> None:
    assert ran_boto3(request_, "us-west-2", modules) == [("sagemaker", "us-west-2"), request_]
    assert ran_sagemaker(request_, "us-west-2", modules) == {"region": "us-west-2", **sent_by_sagemaker(request_)}


def sent_by_sagemaker(request: Mapping[str, Any]) -> dict[str, Any]:
    """What sagemaker-core sends of a request: no shape with an empty member that it must have, no empty member."""
    kept = dict(request)
    kept["Tags"] = [tag for tag in request.get("Tags", []) if all(tag.values())]
    members = {name: value for name, value in kept.items() if value or name != "Tags"}
    sent: dict[str, Any] = without_empty(snake_members(members))
    return sent


def without_empty(value: Any) -> Any:
    """The members of shapes that are not empty."""
    return {name: _inner(item, name) for name, item in value.items()}


def _inner(value: Any, name: str) -> Any:
    if name in ("hyper_parameters", "environment"):
        return value
    if isinstance(value, Mapping):
        return {key: _inner(item, key) for key, item in value.items() if item}
    return [_inner(item, name) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("as_printed", [str, lambda text: in_ascii(text, export_formats()["awscli"].escape)])
@pytest.mark.parametrize("text", HOSTILE)
def test_the_shell_expands_nothing(text: str, as_printed: Callable[[str], str]) -> None:
    request = hostile_request({text: text, "other": text}, text)
    script = "aws() { printf '%s\\0' \"$@\"; }\n" + as_printed(export_formats()["awscli"].write(request, "us-west-2"))

    done = subprocess.run(
        ["bash", "-s"], input=script.encode(), capture_output=True, check=True, env={"PATH": "/usr/bin:/bin"}
    )

    assert done.stderr == b""
    assert json.loads(done.stdout.decode().split("\0")[-2]) == request


@pytest.mark.parametrize("form", list(export_formats()))
@given(st.dictionaries(TEXTS, TEXTS, max_size=4), TEXTS)
def test_a_program_is_the_same_in_ascii(form: str, texts: dict[str, str], key: str) -> None:
    export = export_formats()[form]
    text = export.write(hostile_request(texts, key), "us-west-2")
    ascii_text = in_ascii(text, export.escape)

    assert not OBEYED.search(text)
    assert ascii_text.isascii()
    if export.suffix == ".py":
        assert constants(text) == constants(ascii_text)
    elif export.suffix == ".json":
        assert json.loads(text) == json.loads(ascii_text)


def constants(program: str) -> list[Any]:
    """The values in a program, in order."""
    import ast

    return [node.value for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Constant)]
