"""The parts of customizations: adapters, the loss of preferences, the schedule, and the forms of records."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.optimizers import Parameters
from jsft_tui.sandbox.trainers.common.scores import Softmax
from jsft_tui.sandbox.trainers.customization.optimizer import Schedule
from jsft_tui.sandbox.trainers.customization.parameters import PARAMETERS, off_list, parameters_of
from jsft_tui.sandbox.trainers.customization.preferences import Pair, PreferenceLearner, PreferenceLoss
from jsft_tui.sandbox.trainers.customization.records import conversation, preference
from jsft_tui.sandbox.trainers.language.network.adapters import (
    SECOND,
    AdapterConfig,
    LowRankProjections,
    merged,
    new_adapter,
)
from jsft_tui.sandbox.trainers.language.network.model import CausalModel, ModelConfig, new_parameters
from jsft_tui.sandbox.trainers.language.network.projections import FullProjections
from jsft_tui.sandbox.trainers.language.texts.samples import IGNORED, Batch, Part, Sample
from tests.sandbox.trainers.parts.gradients import assert_slope

CONFIG = ModelConfig(vocabulary=260, context=8, width=8, layers=2, heads=2, hidden=12)
ADAPTER = AdapterConfig(rank=3, alpha=6)


def model_parameters(seed: int = 0) -> Parameters:
    """A small model in double precision, so that slopes can be measured."""
    drawn = new_parameters(CONFIG, np.random.default_rng(seed))
    parameters: Parameters = {name: value.astype(np.float64) for name, value in drawn.items()}
    return parameters


def adapter_of(base: Parameters) -> Parameters:
    """An adapter that changes the model: B is not zero."""
    rng = np.random.default_rng(1)
    drawn = new_adapter(base, ADAPTER, rng)
    adapter: Parameters = {name: value.astype(np.float64) for name, value in drawn.items()}
    for name, value in adapter.items():
        if name.endswith(SECOND):
            value += rng.normal(0, 0.3, value.shape)
    return adapter


def sample(*tokens: int, learned: int = 2) -> Sample:
    """A sample of tokens, of which the last ones are learned."""
    targets = np.array(tokens[1:], np.int32)
    targets[: len(targets) - learned] = IGNORED
    return Sample(np.array(tokens[:-1], np.int32), targets)


BATCH = Batch.of([sample(5, 1, 2, 3, 4), sample(5, 9, 8, 7)])


def loss_of(model: CausalModel) -> tuple[float, NDArray[Any]]:
    """The loss of the batch, and its derivative by the logits."""
    loss = Softmax(CONFIG.vocabulary).loss(model.forward(BATCH.tokens, BATCH.wanted), BATCH.targets)
    return loss.total / len(BATCH.targets), loss.gradient


def test_the_gradients_of_an_adapter_are_the_slopes_of_the_loss() -> None:
    base = model_parameters()
    projections = LowRankProjections(base, adapter_of(base), ADAPTER)
    model = CausalModel(CONFIG, projections)
    model.backward(loss_of(model)[1])
    gradients = projections.take_gradients()
    assert gradients.keys() == projections.parameters.keys()
    for name in ("layers.0.q_proj.lora_A", "layers.1.down_proj.lora_B", "layers.0.o_proj.lora_B"):
        assert_slope(lambda: loss_of(model)[0], projections.parameters[name], gradients[name].values)


def test_with_dropout_the_gradients_are_those_of_what_was_kept() -> None:
    base = model_parameters()
    config = AdapterConfig(3, 6, dropout=0.4)
    projections = LowRankProjections(base, adapter_of(base), config)
    model = CausalModel(CONFIG, projections)

    def loss() -> float:
        projections.begin_pass(np.random.default_rng(7))
        return loss_of(model)[0]

    projections.begin_pass(np.random.default_rng(7))
    model.backward(loss_of(model)[1])
    name = "layers.1.up_proj.lora_A"
    assert_slope(loss, projections.parameters[name], projections.take_gradients()[name].values)
    dropped = loss()
    projections.begin_pass(None)
    assert loss_of(model)[0] != pytest.approx(dropped, abs=1e-6), "an evaluation drops nothing"


def test_a_new_adapter_changes_nothing_and_a_merged_one_is_the_same_model() -> None:
    base = model_parameters()
    plain = loss_of(CausalModel(CONFIG, FullProjections(base)))[0]
    new = new_adapter(base, ADAPTER, np.random.default_rng(0))
    assert loss_of(CausalModel(CONFIG, LowRankProjections(base, new, ADAPTER)))[0] == pytest.approx(plain)
    adapter = adapter_of(base)
    adapted = loss_of(CausalModel(CONFIG, LowRankProjections(base, adapter, ADAPTER)))[0]
    assert adapted != pytest.approx(plain, abs=1e-3)
    whole = CausalModel(CONFIG, FullProjections(merged(base, adapter, ADAPTER)))
    assert loss_of(whole)[0] == pytest.approx(adapted, rel=1e-4)


PAIRS = [
    Pair(sample(5, 1, 2, 3, 4), sample(5, 1, 2, 9, learned=1)),
    Pair(sample(5, 6, 7, 8), sample(5, 6, 7, 10, 11, learned=3)),
]
BETA = 0.3


def log_probability(parameters: Parameters, answer: Sample) -> float:
    """The log probability of the learned tokens, one by one."""
    batch = Batch.of([answer])
    logits = CausalModel(CONFIG, FullProjections(parameters)).forward(batch.tokens, batch.wanted)
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return float(sum(np.log(shares[place, token]) for place, token in enumerate(batch.targets)))


def learner_of(parameters: Parameters, reference: Parameters) -> PreferenceLearner:
    """A learner of the pairs that trains all weights."""
    learner = PreferenceLearner(CONFIG, FullProjections(parameters), reference, PAIRS, PAIRS, BETA, max_norm=1e9)
    learner.prepare()
    return learner


ROWS = np.arange(len(PAIRS))


def preference_loss(learner: PreferenceLearner) -> tuple[float, NDArray[Any]]:
    """The mean loss of the pairs, and its derivative by their margins."""
    loss = PreferenceLoss().loss(learner.forward(ROWS, np.random.default_rng(0)), learner.targets(ROWS))
    return loss.total / len(PAIRS), loss.gradient


def test_the_loss_of_preferences_is_that_of_the_paper() -> None:
    trained, reference = model_parameters(1), model_parameters(2)
    expected = 0.0
    for pair in PAIRS:
        chosen, rejected = (
            log_probability(trained, answer) - log_probability(reference, answer)
            for answer in (pair.chosen, pair.rejected)
        )
        expected -= math.log(1 / (1 + math.exp(-BETA * (chosen - rejected)))) / len(PAIRS)
    assert preference_loss(learner_of(trained, reference))[0] == pytest.approx(expected, rel=1e-5)
    assert preference_loss(learner_of(reference, reference))[0] == pytest.approx(math.log(2), rel=1e-6)


def test_the_gradients_of_preferences_are_the_slopes_of_the_loss() -> None:
    trained = model_parameters(1)
    learner = learner_of(trained, model_parameters(2))
    gradients = learner.backward(preference_loss(learner)[1])
    for name in ("layers.0.v_proj", "layers.1.gate_proj"):
        assert_slope(lambda: preference_loss(learner)[0], trained[name], gradients[name].values)


def test_the_learning_rate_rises_then_falls() -> None:
    schedule = Schedule(peak=1.0, steps=100, warmup=0.1, is_cosine=True)
    rates = [schedule.rate(step) for step in range(1, 101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[9] == 1.0
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert rates[-1] == pytest.approx(0.0, abs=1e-9)
    constant = Schedule(peak=1.0, steps=100, warmup=0.1, is_cosine=False)
    assert [constant.rate(step) for step in (10, 55, 100)] == [1.0, 1.0, 1.0]


def texts(parts: list[Part]) -> list[tuple[str, bool]]:
    """Parts as tuples."""
    return [(part.text, part.is_learned) for part in parts]


def test_both_forms_of_a_conversation_are_the_same_text() -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Yes"},
    ]
    one = conversation({"messages": messages})
    other = conversation({"system": "Be brief.", "prompt": "Hi", "completion": "Yes"})
    assert texts(one) == texts(other)
    assert [text for text, is_learned in texts(one) if is_learned] == ["Yes\n"]


def test_answers_of_a_preference_may_be_texts_or_messages() -> None:
    plain = preference({"prompt": "Hi", "chosen": "Yes", "rejected": "No"})
    listed = preference(
        {
            "prompt": [{"role": "user", "content": "Hi"}],
            "chosen": [{"role": "assistant", "content": "Yes"}],
            "rejected": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "No"}],
        }
    )
    assert (texts(plain.chosen), texts(plain.rejected)) == (texts(listed.chosen), texts(listed.rejected))


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"prompt": "a"},
        {"prompt": "a", "completion": 3},
        {"messages": []},
        {"messages": [{"role": "user", "content": "a"}]},
        {"messages": "a"},
    ],
    ids=["nothing", "no completion", "a number", "no messages", "no answer", "a text"],
)
def test_what_is_no_conversation_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        conversation(record)


@pytest.mark.parametrize(
    "record",
    [
        {"prompt": "a", "chosen": "b"},
        {"prompt": "a", "chosen": "b", "rejected": "b"},
        {"prompt": "a", "chosen": [], "rejected": "b"},
        {"prompt": ["a"], "chosen": "a", "rejected": "b"},
    ],
    ids=["no rejected answer", "the same answers", "no answer", "a prompt of texts"],
)
def test_what_is_no_preference_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        preference(record)


@pytest.mark.parametrize("technique", PARAMETERS)
def test_every_default_is_allowed(technique: str) -> None:
    declared = parameters_of(technique, has_adapter=True)
    assert len({each.name for each in declared}) == len(declared)
    for each in declared:
        assert not each.values or each.default in each.values
        assert each.minimum is None or each.minimum <= float(each.default)
        assert each.maximum is None or float(each.default) <= each.maximum
        if each.kind in ("integer", "float"):
            assert each.hyperparameter().type in ("int", "float")


def test_only_values_off_a_list_fall_back() -> None:
    given = {"global_batch_size": "10", "lora_rank": "16", "lr_scheduler": "linear", "max_epochs": "7"}
    declared = parameters_of("SFT", has_adapter=True)
    assert off_list(given, declared) == {"global_batch_size": "8", "lr_scheduler": "cosine"}
