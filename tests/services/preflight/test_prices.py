"""Prices: asked for anew on request, and what is cached stays for when nobody answers."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from jsft_tui.aws.pricing import PriceList
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.sizing.pricing import PRICE_LIST, Price
from jsft_tui.services.preflight.prices import Prices


class Answers:
    """A price list that gives these answers, one after the other."""

    def __init__(self, *answers: dict[str, Price] | Problem) -> None:
        self.answers = list(answers)

    def training_prices(self, _region: str) -> dict[str, Price]:
        answer = self.answers.pop(0)
        if isinstance(answer, Problem):
            raise answer
        return answer


def test_prices_are_asked_for_again_and_the_cached_ones_stay_when_that_fails(tmp_path: Path) -> None:
    one, two = ({"ml.m5.xlarge": Price(usd, PRICE_LIST, "2026-08-20")} for usd in (1.0, 2.0))
    source = Answers(one, Problem("Offline", "no network."), two)
    prices = Prices(cast(PriceList, source), "us-west-2", tmp_path)

    assert (prices.table(), prices.table()) == (one, one)
    prices.forget()
    assert prices.table() == one
    assert prices.denied is not None
    prices.forget()
    assert (prices.table(), prices.table()) == (two, two)
    assert source.answers == []
