"""What is sent to an endpoint, and what its answer says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.invoke.answers import Line, read_answer
from jsft_tui.core.serving.invoke.payloads import (
    MAX_BODY,
    Invocation,
    content_type,
    example_invocation,
    examples,
    image_invocation,
    text_invocation,
)
from tests.common.shared_data import needs_shared_data, spec


def bare(model_id: str) -> ModelSpec:
    """A spec that says nothing about its endpoint."""
    return ModelSpec.parse({"model_id": model_id, "version": "1.0.0"})


@needs_shared_data
@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("pytorch-ic-mobilenet-v2", "application/x-image"),
        ("lightgbm-classification-model", "text/csv"),
        ("huggingface-text2text-flan-t5-xxl-fp16", "application/x-text"),
        ("meta-textgeneration-llama-3-1-70b", "application/json"),
    ],
)
def test_the_content_type_is_the_specs_and_the_tasks_where_the_spec_has_none(model: str, kind: str) -> None:
    assert content_type(spec(model)) == kind
    if kind != "application/x-text":
        assert content_type(bare(model)) == kind


@needs_shared_data
def test_a_picture_is_sent_as_it_is_and_answered_with_labels() -> None:
    sent = image_invocation(spec("pytorch-ic-mobilenet-v2"), b"\xff\xd8")

    assert sent == Invocation("application/x-image", "application/json;verbose", b"\xff\xd8")


@needs_shared_data
def test_a_prompt_takes_the_place_of_the_examples_prompt() -> None:
    body = json.loads(text_invocation(spec("huggingface-llm-gemma-2b-instruct"), "Hé?", {"max_new_tokens": 8}).body)

    assert body["inputs"] == "Hé?"
    assert body["parameters"] == {"max_new_tokens": 8, "decoder_input_details": True, "details": True}


@needs_shared_data
def test_a_chat_model_is_sent_a_message() -> None:
    body = json.loads(text_invocation(spec("openai-reasoning-gpt-oss-20b"), "Hello").body)

    assert body["messages"] == [{"role": "user", "content": "Hello"}]
    assert body["max_tokens"] == 200


@needs_shared_data
def test_an_example_is_sent_as_the_spec_has_it() -> None:
    model = spec("meta-textgeneration-llama-2-7b")
    example = examples(model)[0]

    assert json.loads(example_invocation(model, example).body) == example.body


def test_two_texts_are_a_list() -> None:
    sent = text_invocation(bare("huggingface-eqa-bert"), "Who? | Ada wrote it.")

    assert (sent.content_type, json.loads(sent.body)) == ("application/list-text", ["Who?", "Ada wrote it."])


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: text_invocation(bare("pytorch-ic-x"), "cat"), "NotATextModel"),
        (lambda: image_invocation(bare("huggingface-tc-x"), b"x"), "NotAnImageModel"),
        (lambda: image_invocation(bare("pytorch-ic-x"), bytes(MAX_BODY + 1)), "TooLarge"),
    ],
    ids=["text to pictures", "picture to texts", "too large"],
)
def test_what_an_endpoint_would_refuse_is_not_sent(call: Any, code: str) -> None:
    with pytest.raises(Problem) as refused:
        call()

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        ({"probabilities": [0.1, 0.9], "labels": ["cat", "dog"]}, [("dog", "0.9"), ("cat", "0.1")]),
        ({"probabilities": [[0.2, 0.8], [0.7, 0.3]]}, [("1", "0.8"), ("0", "0.7")]),
        ([{"generated_text": "Hi"}], [("", "Hi")]),
        ({"generated_text": "Hi"}, [("", "Hi")]),
        ({"choices": [{"message": {"content": "Hi"}}]}, [("", "Hi")]),
        (
            {"normalized_boxes": [[0, 0, 1, 0.5]], "classes": [1.0], "scores": [0.5], "labels": ["a", "b"]},
            [("b", "0.5 at 0, 0, 1, 0.5")],
        ),
        ({"predictions": [{"entity": "B-PER", "word": "Ada"}]}, [("B-PER", "Ada")]),
        ({"prediction": [1.5]}, [("prediction", "1.5")]),
    ],
    ids=["labels", "rows", "tgi", "lmi", "chat", "boxes", "entities", "regression"],
)
def test_an_answer_is_read(answer: Any, lines: list[tuple[str, str]]) -> None:
    found = read_answer(json.dumps(answer).encode())

    assert ([(line.label, line.text) for line in found.lines], found.is_understood) == (lines, True)


def test_probabilities_are_numbers_too() -> None:
    found = read_answer(b'{"probabilities": [0.25, 0.75], "labels": ["cat", "dog"]}')

    assert found.lines == (Line("dog", "0.75", 0.75), Line("cat", "0.25", 0.25))


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                ["probabilities", "labels", "choices", "classes", "scores", "normalized_boxes", "predictions"]
            ),
            inner,
        )
    ),
)


@given(st.binary() | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_answer_can_be_shown(body: bytes) -> None:
    assert "\x1b" not in "".join(line.label + line.text for line in read_answer(body).lines)
