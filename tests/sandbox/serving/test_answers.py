"""What a served model answers, by task; no process, no endpoint."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import pytest

from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.language.generation import Continuation, Decoding
from jsft_tui.sandbox.trainers.predict.base import Input, Predictor, Ranking
from jsft_tui.sandbox.trainers.predict.classifiers import ImagePredictor, PairPredictor, TextPredictor
from jsft_tui.sandbox.trainers.predict.tables import LinearClassPredictor, NumberPredictor
from jsft_tui.sandbox.trainers.predict.texts import LanguagePredictor, QuestionPredictor, SimilarityPredictor
from jsft_tui.sandbox.trainers.serve.handlers import answer
from jsft_tui.sandbox.trainers.serve.request import CSV, IMAGE, JSON, TEXT, TEXTS, VERBOSE, Inference
from jsft_tui.sandbox.trainers.serve.wire import read_frame, write_frame
from tests.sandbox.serving.endpoints import signs


class _Classes:
    """Two classes; the second is the more probable one."""

    def __init__(self) -> None:
        self.classes: tuple[str, ...] = ("no", "yes")
        self.asked: list[Input] = []

    def predict(self, item: Input) -> Ranking:
        if item == "bad":
            raise UserError("this model does not like it")
        self.asked.append(item)
        return [("yes", 0.75), ("no", 0.25)]


class _Images(_Classes, ImagePredictor):
    pass


class _Texts(_Classes, TextPredictor):
    pass


class _Pairs(_Classes, PairPredictor):
    pass


class _Questions(_Classes, QuestionPredictor):
    pass


class _Numbers(NumberPredictor):
    def __init__(self) -> None:
        pass

    def number(self, item: Input) -> float:
        assert isinstance(item, str)
        return sum(map(float, item.split(",")))


class _Similar(SimilarityPredictor):
    def __init__(self) -> None:
        pass

    def embedding(self, text: str) -> list[float]:
        return [1.0, float(len(text))]

    def neighbors(self, text: str, most: int) -> list[tuple[str, float]]:
        return [(f"{text}-{place}", 1.0 / (place + 1)) for place in range(most)]


class _Writer(LanguagePredictor):
    """Writes its prompt and how it was asked to."""

    def __init__(self) -> None:
        self.decoding = Decoding()

    def prompt(self, text: str) -> str:
        return f"User: {text}"

    def written(self, prompt: str, decoding: Decoding) -> Continuation:
        self.decoding = decoding
        return Continuation(f" after {prompt}", 0.5, 7, "length", 3)


def ask(model: Predictor, kind: str, body: bytes | Any, accept: str = JSON) -> tuple[int, Any]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = answer(model, Inference(kind, accept, content))
    return reply.status, json.loads(reply.body)


def test_a_class_is_a_list_of_probabilities_and_with_labels_if_they_are_wanted() -> None:
    whole = {"probabilities": [0.25, 0.75], "labels": ["no", "yes"], "predicted_label": "yes"}
    cases: tuple[tuple[Predictor, str, bytes], ...] = (
        (_Images(), IMAGE, b"pixels"),
        (_Texts(), TEXT, b"A text."),
        (_Pairs(), TEXTS, b'["One.", "Two."]'),
    )
    for model, kind, body in cases:
        assert ask(model, kind, body) == (200, {"probabilities": [0.25, 0.75]})
        assert ask(model, f"{kind}; charset=utf-8", body, "application/json; verbose") == (200, whole)
    assert answer(_Texts(), Inference(TEXT, VERBOSE, b"x")).content_type == VERBOSE
    assert answer(_Texts(), Inference(TEXT, "*/*", b"x")).content_type == JSON


def test_two_texts_may_have_a_bar_in_them() -> None:
    model = _Pairs()
    ask(model, TEXTS, ["a | b", "c"])
    assert model.asked == [("a | b", "c")]


def test_a_question_has_an_answer() -> None:
    assert ask(_Questions(), TEXTS, ["Who?", "I."]) == (200, {"answer": "yes"})
    assert ask(_Questions(), TEXTS, ["Who?", "I."], VERBOSE) == (200, {"answer": "yes", "score": 0.75})


def test_rows_of_a_table_have_one_answer_each() -> None:
    model = LinearClassPredictor(signs())
    status, document = ask(model, CSV, b"1,2\r\n\n-1,-1\n", VERBOSE)
    assert (status, document["predicted_label"], document["labels"]) == (200, ["up", "down"], ["down", "up"])
    assert document["probabilities"][0][1] == pytest.approx(1 / (1 + math.exp(-6)))
    assert ask(_Numbers(), CSV, b"1,2\n3,4") == (200, {"prediction": [3.0, 7.0]})


def test_similar_texts() -> None:
    assert ask(_Similar(), TEXT, b"abc") == (200, {"embedding": [1.0, 3.0]})
    found = ask(_Similar(), JSON, {"queries": ["a", "b"], "top_k": 2, "mode": "nn_train_data"})
    first = [{"id": "a-0", "score": 1.0}, {"id": "a-1", "score": 0.5}]
    assert found[0] == 200
    assert found[1][0] == first
    queries: dict[str, Any] = {"queries": "a"}
    bad: tuple[Any, ...] = ({}, {"queries": []}, {**queries, "top_k": 0}, {**queries, "mode": "nn_corpus"}, [1])
    for document in bad:
        assert ask(_Similar(), JSON, document)[0] == 400


def test_a_prompt_is_continued_as_it_is() -> None:
    model = _Writer()
    assert ask(model, JSON, {"inputs": "Once"}) == (200, [{"generated_text": " after Once"}])
    assert model.decoding == Decoding(max_new_tokens=100)
    parameters = {"max_new_tokens": 9, "temperature": 0.5, "top_p": 0.9, "stop": ["\n"], "seed": 4, "top_k": 5}
    request = {"inputs": "Once", "parameters": {**parameters, "details": True, "return_full_text": True}}
    (found,) = ask(model, JSON, request)[1]
    assert found["generated_text"] == "Once after Once"
    assert (found["details"]["finish_reason"], found["details"]["generated_tokens"]) == ("length", 7)
    assert model.decoding == Decoding(9, 0.5, 5, 0.9, stop=("\n",), seed=4)
    ask(model, JSON, {"inputs": "a", "parameters": {"do_sample": True}})
    assert model.decoding.temperature == 1.0
    ask(model, JSON, {"inputs": "a", "parameters": {"temperature": 0}})
    assert model.decoding.temperature == 0.0


def test_a_chat_gets_the_form_of_the_training() -> None:
    turns = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hello?"}]
    status, document = ask(_Writer(), JSON, {"messages": turns, "max_tokens": 5})
    assert status == 200
    assert document["choices"][0]["message"] == {"role": "assistant", "content": " after User: Hello?"}
    assert document["choices"][0]["finish_reason"] == "length"
    assert document["usage"] == {"prompt_tokens": 3, "completion_tokens": 7, "total_tokens": 10}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"inputs": ""},
        {"inputs": ["a"]},
        {"inputs": "a", "parameters": []},
        {"inputs": "a", "parameters": {"max_new_tokens": 0}},
        {"inputs": "a", "parameters": {"max_new_tokens": 100_000}},
        {"inputs": "a", "parameters": {"temperature": "hot"}},
        {"inputs": "a", "parameters": {"top_p": 2}},
        {"inputs": "a", "parameters": {"stop": [1]}},
        {"messages": []},
        {"messages": [{"role": "user"}]},
        {"messages": [{"role": "system", "content": "x"}]},
        [],
    ],
)
def test_requests_that_a_writer_does_not_take(document: Any) -> None:
    status, error = ask(_Writer(), JSON, document)
    assert status == 422
    assert error["error"]


@pytest.mark.parametrize(
    ("model", "kind", "body", "accept", "status"),
    [
        (_Texts(), TEXT, b"\xff", JSON, 400),
        (_Texts(), TEXT, b"bad", JSON, 400),
        (_Texts(), IMAGE, b"x", JSON, 415),
        (_Texts(), "", b"x", JSON, 415),
        (_Texts(), TEXT, b"x", "text/html", 415),
        (_Pairs(), TEXTS, b"no json", JSON, 400),
        (_Pairs(), TEXTS, b'["one"]', JSON, 400),
        (LinearClassPredictor(signs()), CSV, b"", JSON, 400),
        (LinearClassPredictor(signs()), CSV, b"1,2,3", JSON, 400),
        (LinearClassPredictor(signs()), CSV, b"a,b\n1,2", JSON, 400),
        (_Writer(), JSON, b"[" * 100_000, JSON, 400),
    ],
)
def test_what_a_model_does_not_take_is_an_error_of_the_client(
    model: Predictor, kind: str, body: bytes, accept: str, status: int
) -> None:
    found, document = ask(model, kind, body, accept)
    assert found == status
    assert document["error"]


def test_frames_arrive_as_they_were_sent_and_a_cut_one_is_the_end() -> None:
    stream = io.BytesIO()
    write_frame(stream, {"a": 1}, b"body")
    write_frame(stream, {})
    sent = stream.getvalue()
    source = io.BytesIO(sent)
    assert [read_frame(source), read_frame(source), read_frame(source)] == [({"a": 1}, b"body"), ({}, b""), None]
    for length in range(len(sent)):
        cut = io.BytesIO(sent[:length])
        frames = [read_frame(cut), read_frame(cut)]
        assert frames[1] is None
