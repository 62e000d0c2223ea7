"""What a teardown deletes, and what it keeps because something else uses it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.serving.teardown import (
    CONFIG,
    MODEL,
    Leftovers,
    Shared,
    Teardown,
    leftovers,
    teardown_of,
    teardown_of_leftover,
)

CONFIGS = {"a": ("a",), "b": ("b", "shared"), "c": ("shared",)}
MODELS = frozenset({"a", "b", "shared", "alone"})


def test_an_endpoint_goes_with_its_configuration_and_model() -> None:
    assert teardown_of("a", {"a": "a", "b": "b"}, CONFIGS, MODELS) == Teardown("a", "a", ("a",))


def test_a_model_of_another_configuration_stays() -> None:
    found = teardown_of("b", {"b": "b", "c": "c"}, CONFIGS, MODELS)

    assert found == Teardown("b", "b", ("b",), (Shared("model", "shared", ("c",)),))


def test_a_configuration_of_another_endpoint_stays_with_its_models() -> None:
    found = teardown_of("a", {"a": "a", "z": "a"}, CONFIGS, MODELS)

    assert found == Teardown("a", "", (), (Shared("endpoint configuration", "a", ("z",)), Shared("model", "a", ("a",))))


def test_what_an_interrupted_teardown_left_goes_by_the_endpoints_name() -> None:
    assert teardown_of("a", {}, CONFIGS, MODELS) == Teardown("", "a", ("a",))
    assert teardown_of("alone", {}, CONFIGS, MODELS) == Teardown("", "", ("alone",))
    assert teardown_of("nothing", {}, CONFIGS, MODELS).is_empty


def test_leftovers_are_what_no_endpoint_uses() -> None:
    assert leftovers({"x": "c"}, CONFIGS, MODELS) == Leftovers(("a", "b"), ("a", "alone", "b"))


def test_a_leftover_goes_by_its_kind_and_never_an_endpoint_of_its_name() -> None:
    endpoints = {"a": "b"}  # its configuration "a" was left behind by an update

    assert teardown_of_leftover(CONFIG, "a", endpoints, CONFIGS, MODELS) == Teardown(config="a", models=("a",))
    assert teardown_of_leftover(CONFIG, "b", endpoints, CONFIGS, MODELS) == Teardown(
        shared=(Shared(CONFIG, "b", ("a",)),)
    )
    assert teardown_of_leftover(CONFIG, "c", endpoints, CONFIGS, MODELS) == Teardown(
        config="c", shared=(Shared(MODEL, "shared", ("b",)),)
    )


def test_a_leftover_model_stays_while_a_configuration_names_it() -> None:
    assert teardown_of_leftover(MODEL, "alone", {}, CONFIGS, MODELS) == Teardown(models=("alone",))
    assert teardown_of_leftover(MODEL, "a", {}, CONFIGS, MODELS) == Teardown(shared=(Shared(MODEL, "a", ("a",)),))
    assert teardown_of_leftover(MODEL, "gone", {}, CONFIGS, MODELS).is_empty


NAMES = st.sampled_from("abcd")


@given(
    NAMES,
    st.dictionaries(NAMES, NAMES),
    st.dictionaries(NAMES, st.lists(NAMES, unique=True).map(tuple)),
    st.frozensets(NAMES),
)
def test_nothing_that_another_endpoint_needs_is_ever_deleted(
    name: str, endpoints: dict[str, str], configs: dict[str, tuple[str, ...]], models: frozenset[str]
) -> None:
    found = teardown_of(name, endpoints, configs, models)

    for other, config in endpoints.items():
        if other != name:
            assert found.config != config
            assert not set(found.models) & set(configs.get(config, ()))
