"""Draws every screen as SVG from the sandbox: `python -m screenshots.make [FOLDER]`.

A home of its own is made for it and thrown away; nothing of the person's own is read.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from textual.pilot import Pilot

from jsft_tui.config import Config
from jsft_tui.core.run.tuning import Choices, Range, Scale, Span, Tuning
from jsft_tui.paths import Paths
from jsft_tui.services.session.demo import demo_run
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.session.services import Services
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.services.target.sandbox import Sandbox
from jsft_tui.tui.application.app import JsftApp, Start

LARGE, SMALL = (120, 36), (80, 24)
LONGEST = 90.0
"""Seconds that anything may take."""

WAIT = "wait for "
"""Begins a step that waits until the screen shows the text after it; every other step is a key."""


LONGER = "train longer"
"""A step that makes the draft one that can be watched."""

DATA = "s3://jsft-sandbox-us-west-2/data/tiny-shapes/"


@dataclass(frozen=True)
class Shot:
    """A picture: its file name, and the steps that lead to it from the one before."""

    name: str
    steps: Sequence[str]


TOUR = (
    Shot("models", [WAIT + "can be fine-tuned", WAIT + "Runs on", WAIT + "4.89"]),
    Shot("data", ["2", WAIT + "Buckets", "u", *f"{DATA}", "enter", WAIT + "circles/", "j", "c", WAIT + "It fits"]),
    Shot("instance", ["3", WAIT + "ml.g5.12xlarge", WAIT + "How it runs"]),
    Shot("hyperparameters", ["4", WAIT + "learning_rate", "j", "j", "j", WAIT + "log scale"]),
    Shot("review", ["5", WAIT + "Ready to launch"]),
    Shot("launch", ["L", WAIT + "Launch this job?", WAIT + "Not now"]),
    Shot("job-finished", ["enter", WAIT + "What next", WAIT + "Your first fine-tuned model"]),
    Shot("job-running", [LONGER, "5", WAIT + "Ready to launch", "L", WAIT + "Not now", "enter", WAIT + "epoch 4 of"]),
    Shot("jobs", ["6", WAIT + "running", WAIT + "Today", WAIT + "epoch "]),
    Shot("compare", ["g", "space", "j", "space", "equals_sign", WAIT + "best at"]),
    Shot("settings", ["comma", WAIT + "execution role"]),
    Shot("help", ["1", "question_mark", WAIT + "find a key"]),
)
SMALL_TOUR = (
    Shot("models-80x24", [WAIT + "can be fine-tuned", WAIT + "Runs on"]),
    Shot("instance-80x24", ["3", WAIT + "ml.g5.12xlarge"]),
)

RECIPES_TOUR = (
    Shot(
        "customize",
        [WAIT + "can be fine-tuned", "slash", *"qwen3-06b", "enter", "enter", WAIT + "your role may use it", "left"],
    ),
)

WELCOME = Shot("welcome", [WAIT + "Enter the sandbox", WAIT + "public, read-only", WAIT + "no region is set"])
"""What somebody sees who has no AWS account set up."""


NAMES = (
    *(shot.name for shot in (*TOUR, *SMALL_TOUR, *RECIPES_TOUR)),
    "job-failed",
    "tuning",
    "deploy",
    "endpoints",
    WELCOME.name,
)
"""The names of all pictures."""


def draw_all(save: Callable[[str, str], None]) -> None:
    """Draw every picture; `save` is given the name and the SVG of each."""
    with tempfile.TemporaryDirectory(prefix="jsft-screenshots-") as folder, _home(Path(folder)) as paths:
        sandbox = Sandbox(paths.sandbox)
        try:
            session_factory = SessionFactory(TargetChoice(sandbox=True), paths, Config())
            _fail_a_job(session_factory.open_services())
            asyncio.run(_tour(Start(session_factory, demo=True), LARGE, TOUR, save))
            asyncio.run(_tour(Start(session_factory), SMALL, SMALL_TOUR, save))
            asyncio.run(_tour(Start(session_factory), LARGE, RECIPES_TOUR, save))
            asyncio.run(_failed(session_factory, save))
            asyncio.run(_searched(session_factory, save))
            asyncio.run(_served(session_factory, save))
            no_account = SessionFactory(TargetChoice(), paths, Config())
            asyncio.run(_tour(Start(no_account), LARGE, [WELCOME], save))
        finally:
            sandbox.stop()


@contextmanager
def _home(folder: Path) -> Iterator[Paths]:
    saved = dict(os.environ)
    for name in saved:
        if name.startswith(("AWS_", "JSFT_", "SAGEMAKER_", "NO_COLOR", "SSH_")):
            del os.environ[name]
    os.environ |= {"JSFT_HOME": str(folder), "COLORTERM": "truecolor", "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    os.environ |= {name: str(folder / "none") for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")}
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    try:
        yield Paths.from_environment()
    finally:
        os.environ.clear()
        os.environ.update(saved)


FAILED_JOB, SERVED_JOB = "flowers-with-a-mistake", "shapes-lite0"


def _fail_a_job(services: Services) -> None:
    """Let a job fail as it does when nobody checked its data."""
    _train(services, FAILED_JOB, f"s3://jsft-sandbox-broken-{services.target.region}/images-corrupt/")


def _train(services: Services, name: str, data: str) -> None:
    """Train the demo's model until it ends, whatever end."""
    run, _ = demo_run(services)
    instance = replace(run.instance, type="ml.g4dn.xlarge")  # another job has the quota of the demo's type
    services.launch.send(services.planning.plan(replace(run, name=name, data={"training": data}, instance=instance)))
    ends = time.monotonic() + LONGEST
    while not services.jobs.get(name).status.is_final:
        if time.monotonic() > ends:
            raise TimeoutError(f"{name} does not end")
        time.sleep(0.2)


async def _failed(session_factory: SessionFactory, save: Callable[[str, str], None]) -> None:
    async with _app(Start(session_factory), LARGE) as pilot:
        _jsft(pilot).open_job(FAILED_JOB)
        await _until(pilot, FAILED_JOB)
        await _until(pilot, "What helps")
        await pilot.pause(0.4)
        save("job-failed", pilot.app.export_screenshot(title="jsft"))


SEARCH, TRIALS = "shapes-sweep", 12
RANGES: dict[str, Range] = {
    "learning_rate": Span("0.0001", "0.3", Scale.LOG),
    "batch_size": Choices(("4", "8", "16")),
    "optimizer": Choices(("adam", "sgd")),
}


async def _searched(session_factory: SessionFactory, save: Callable[[str, str], None]) -> None:
    services = session_factory.open_services()
    run, _ = demo_run(services)
    tuning = Tuning(RANGES, max_jobs=TRIALS, parallel=2, random_seed=3)
    instance = replace(run.instance, type="ml.g4dn.xlarge")
    values = {"epochs": "3"}
    data = {"training": DATA}
    search = replace(run, name=SEARCH, data=data, instance=instance, hyperparameters=values, tuning=tuning)
    services.launch.send(services.planning.plan(search))
    async with _app(Start(session_factory), LARGE) as pilot:
        await _until(pilot, "can be fine-tuned")
        _jsft(pilot).open_search(SEARCH)
        await _until(pilot, f"Completed, {TRIALS} of {TRIALS} trials")
        await _until(pilot, "matters most")
        await pilot.press("down")
        await pilot.pause(0.4)
        save("tuning", pilot.app.export_screenshot(title="jsft"))


async def _served(session_factory: SessionFactory, save: Callable[[str, str], None]) -> None:
    """Deploy a trained model, and ask it."""
    _train(session_factory.open_services(), SERVED_JOB, DATA)
    async with _app(Start(session_factory), LARGE) as pilot:
        await _until(pilot, "can be fine-tuned")
        _jsft(pilot).open_job(SERVED_JOB)
        await _until(pilot, "What next")
        await pilot.press("E")
        await _until(pilot, "Deploy for 2 hours")
        await _until(pilot, "checks passed")
        save("deploy", pilot.app.export_screenshot(title="jsft"))
        await pilot.press("enter")
        await _until(pilot, "In service")
        await _until(pilot, "application/x-image")
        await pilot.press("t", *f"{DATA}circles/circles-000.jpg", "enter")
        await _until(pilot, "squares")
        await pilot.pause(0.4)
        save("endpoints", pilot.app.export_screenshot(title="jsft"))


async def _tour(start: Start, size: tuple[int, int], shots: Sequence[Shot], save: Callable[[str, str], None]) -> None:
    async with _app(start, size) as pilot:
        for shot in shots:
            for step in shot.steps:
                if step.startswith(WAIT):
                    await _until(pilot, step.removeprefix(WAIT))
                elif step == LONGER:
                    _train_longer(pilot)
                else:
                    await pilot.press(step)
            await pilot.pause(0.4)
            save(shot.name, pilot.app.export_screenshot(title="jsft"))


def _train_longer(pilot: Pilot[None]) -> None:
    session = _jsft(pilot).session
    if session is None:
        raise TypeError("no target is open")
    values = {**session.drafts.run.hyperparameters, "epochs": "400", "augmentation": "True"}
    session.drafts.put(replace(session.drafts.run, hyperparameters=values))


def _jsft(pilot: Pilot[None]) -> JsftApp:
    if not isinstance(pilot.app, JsftApp):
        raise TypeError(pilot.app)
    return pilot.app


@asynccontextmanager
async def _app(start: Start, size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
    async with JsftApp(start).run_test(size=size) as pilot:
        yield pilot


async def _until(pilot: Pilot[None], text: str) -> None:
    ends = time.monotonic() + LONGEST
    while text not in pilot.app.export_screenshot().replace("&#160;", " "):
        if time.monotonic() > ends:
            raise TimeoutError(f"the screen never showed {text!r}")
        await pilot.pause(0.05)


def main() -> None:
    """Write the pictures beside this script, or into the folder named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)

    def save(name: str, svg: str) -> None:
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
        sys.stdout.write(f"{name}.svg\n")

    draw_all(save)


if __name__ == "__main__":
    main()
