"""A search over the learning rate by keyboard alone in a real terminal, and its best trial launched again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.common.home import TEXT_MODEL, TINY_SERVICES, Home
from tests.whole.tmux import Tmux, needs_tmux

pytestmark = [pytest.mark.terminal, pytest.mark.training]

METRIC = "tflow-tc:val-accuracy"
SEARCH, JOBS = "rates-by-hand", 6
LONG = 120.0
"""Seconds that a search may take as the watchdog of a wait."""


def checked(text: str) -> bool:
    """Whether the review is done and nothing blocks."""
    return "Ready" in text and "checking" not in text


def typed(terminal: Tmux, text: str, then: str = "Enter") -> None:
    """Replace what a line has by a text, and enter it."""
    terminal.press("C-u")
    terminal.type(text)
    terminal.press(then)


def edited(terminal: Tmux, name: str, value: str) -> None:
    """Find a hyperparameter by its name, and type another value."""
    terminal.press("/")
    terminal.type(name)
    terminal.press("Enter")
    terminal.wait_for(f"▌  {name}")
    terminal.press("Enter")
    terminal.wait_for("enter keep")
    typed(terminal, value)
    terminal.wait_for(lambda text: "enter keep" not in text)


def choose_model_and_data(terminal: Tmux) -> None:
    """The model, and data of one's own."""
    terminal.wait_for("can be fine-tuned")
    terminal.press("/")
    terminal.type("small-bert-bert-en-uncased-L-2-H-128")
    terminal.press("Enter")
    terminal.wait_for("1 of 1 ")
    terminal.press("Enter")
    terminal.wait_for("is chosen")
    terminal.press("u")
    terminal.wait_for("enter  Take")
    terminal.type(TINY_SERVICES)
    terminal.press("Enter")
    terminal.wait_for("tiny-services /")
    terminal.press("Space")
    terminal.wait_for("data/tiny-services")


def tune_learning_rate(terminal: Tmux) -> None:
    """Two epochs, and a range for the learning rate."""
    terminal.press("4")
    terminal.wait_for("learning_rate")
    edited(terminal, "epochs", "2")
    terminal.wait_for("epochs set to 2")
    terminal.press("Escape")
    terminal.press("/")
    terminal.type("learning_rate")
    terminal.press("Enter")
    terminal.wait_for("▌  learning_rate")
    terminal.press("t")
    terminal.wait_for("tune 1 value")
    terminal.press("Enter")
    terminal.wait_for("other scale")
    typed(terminal, "1e-5..1e-1:log")
    terminal.wait_for("1e-05 … 0.1  log")


def set_search(terminal: Tmux) -> None:
    """So many trials, two at a time, under a name."""
    terminal.press("5")
    terminal.wait_for(checked)
    terminal.press("t")
    terminal.wait_for("How to search")
    for words, value in (("trials", str(JOBS)), ("at a time", "2")):
        terminal.type(words)
        terminal.press("Enter")
        terminal.wait_for("enter  Take")
        typed(terminal, value)
        terminal.wait_for("How to search")
    terminal.press("Escape")
    terminal.press("n")
    terminal.wait_for("Job name")
    typed(terminal, SEARCH)
    shown = terminal.wait_for(lambda text: checked(text) and SEARCH in text)
    assert "maximize val-accuracy" in shown


def launch(terminal: Tmux, question: str, *words: str) -> None:
    """Launch what is reviewed."""
    terminal.wait_for(checked)
    terminal.press("L")
    terminal.wait_for(lambda text: all(each in text for each in (question, "enter  Launch", *words)))
    terminal.press("Enter")


@needs_tmux
@pytest.mark.timeout(300)
def test_a_search_by_keyboard_finds_a_better_model_and_launches_it(home: Home, folder: Path) -> None:
    common = ("plan", TEXT_MODEL, "--data", TINY_SERVICES, "--instance", "ml.g4dn.xlarge", "--set", "epochs=2")
    assert home.jsft(*common, "--name", "usual-rate", "-o", "default.yaml").code == 0
    usual = home.json("launch", "default.yaml", "--yes", "--follow")["metrics"][METRIC][-1][1]
    shutil.rmtree(home.paths.state / "drafts", ignore_errors=True)

    environment = home.environment()
    with Tmux("-m", "jsft_tui", "--sandbox", size=(120, 36), environment=environment, folder=folder) as terminal:
        choose_model_and_data(terminal)
        tune_learning_rate(terminal)
        set_search(terminal)
        launch(terminal, "Launch this search?", "Trials    6, 2 at a time")
        shown = terminal.wait_for("The search has ended (Completed)", LONG)

        found = home.json("tuning", SEARCH)
        best = found["trials"][0]
        assert (best["name"], found["counts"]["completed"]) == (found["best"], JOBS)
        assert best["objective"] > usual
        assert "Best: t-" in shown
        assert f"{best['objective']:.4f}" in shown

        terminal.press("b")
        terminal.wait_for("is the draft now")
        terminal.press("5")
        launch(terminal, "Launch this job?")
        terminal.wait_for("Completed in", LONG)
        again = home.json("job", home.json("jobs")[0]["name"])
        assert again["hyperparameters"]["learning_rate"] == best["values"]["learning_rate"]
        assert again["metrics"][METRIC][-1][1] == pytest.approx(best["objective"])
        terminal.press("6")
        shown = terminal.wait_for(lambda text: f"◇ {SEARCH}" in text and f"best {best['objective']:.4f}" in text)
        assert f"{SEARCH}-001" not in shown
        terminal.press("q")
        terminal.wait_for("EXIT 0")
