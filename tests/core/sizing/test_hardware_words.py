"""Hardware in the units of its makers, and what numbers it computes with."""

from __future__ import annotations

import pytest

from jsft_tui.core.instances.types import instance_types, unknown_type
from jsft_tui.core.sizing.hardware_words import (
    gpu_model_words,
    gpu_words,
    machine_words,
    number_formats,
    wants_bf16,
)
from jsft_tui.core.sizing.pricing import Price, price_date
from tests.core.catalog.specs import hyperparameter, model_spec

TYPES = instance_types()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ml.g4dn.12xlarge", "4 × T4 16 GB"),
        ("ml.g5.xlarge", "A10G 24 GB"),
        ("ml.g6e.xlarge", "L40S 48 GB"),
        ("ml.p4de.24xlarge", "8 × A100 80 GB"),
        ("ml.p5en.48xlarge", "8 × H200 141 GB"),
        ("ml.p6e-gb200.36xlarge", "4 × GB200"),
        ("ml.trn1.32xlarge", "16 × Trainium"),
        ("ml.m5.xlarge", "CPU"),
    ],
)
def test_gpus_have_the_memory_that_their_maker_names(name: str, words: str) -> None:
    assert gpu_words(TYPES[name]) == words


def test_a_type_of_the_future_has_no_words() -> None:
    new = unknown_type("ml.zz9.48xlarge")
    assert (gpu_words(new), machine_words(new), number_formats(new, with_bf16=True)) == ("?", (), "")


def test_a_machine_in_a_line() -> None:
    assert machine_words(TYPES["ml.g4dn.12xlarge"]) == ("48 vCPU", "192 GB RAM", "900 GB NVMe")
    assert machine_words(TYPES["ml.m5.xlarge"]) == ("4 vCPU", "16 GB RAM")
    assert gpu_model_words(TYPES["ml.g4dn.12xlarge"]) == "4 × T4"


@pytest.mark.parametrize(
    ("name", "wanted", "words"),
    [
        ("ml.g4dn.xlarge", False, "fp32 and fp16"),
        ("ml.g4dn.xlarge", True, "fp32 and fp16; T4 has no bf16"),
        ("ml.g5.xlarge", False, "fp32 and fp16"),
        ("ml.g5.xlarge", True, "fp32, fp16 and bf16"),
        ("ml.m5.xlarge", True, ""),
    ],
)
def test_bf16_is_told_only_where_the_model_is_to_use_it(name: str, wanted: bool, words: str) -> None:
    assert number_formats(TYPES[name], with_bf16=wanted) == words


def test_a_model_wants_bf16_by_its_name_its_default_or_the_run() -> None:
    off = model_spec(hyperparameters=[hyperparameter("bf16", "False", "text")])
    on = model_spec(hyperparameters=[hyperparameter("bf16", "True", "text")])
    assert (wants_bf16(off, {}), wants_bf16(on, {}), wants_bf16(off, {"bf16": "true"})) == (False, True, True)
    assert wants_bf16(on, {"bf16": "False"}) is False
    assert wants_bf16(model_spec("huggingface-llm-falcon-7b-instruct-bf16"), {}) is True


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (("2026-08-20", "2026-09-01"), "1 Sep 2026"),
        (("",), ""),
        ((), ""),
        (("lately",), "lately"),
        (("2026-13-01",), "2026-13-01"),
    ],
)
def test_prices_have_the_newest_of_their_dates(dates: tuple[str, ...], said: str) -> None:
    assert price_date([Price(1.0, "list", date) for date in dates]) == said
