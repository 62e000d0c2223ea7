"""The main job in parts, by command and by screen: what has to hold after a kill, and after the next whole run."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from jsft_tui.core.run.draft import read_draft
from jsft_tui.core.run.file.run_file import parse_run
from jsft_tui.core.run.run import Run
from jsft_tui.services.settings.drafts import Drafts
from tests.cli.runs import run_file, unique_name
from tests.common.home import BUCKET, Home
from tests.common.kills.killing import CommandWork, Hand, ScreenWork, Work
from tests.services.launch.test_launch import journal_of, launched_jobs

SMALL = {"type": "ml.m5.xlarge", "max_runtime": "30m"}
LEFT = re.compile(r".*\.lock|\..*\.\d+-\d+|.*\.part")
"""Names of files that only a running process has."""
RENAMINGS = 12
"""How often the draft is changed on the screen."""

DRAFT = """
import sys
from dataclasses import replace
from pathlib import Path
from jsft_tui.core.run.draft import EMPTY
from jsft_tui.services.settings.drafts import Drafts
drafts = Drafts(Path(sys.argv[1]))
for number in range(50):
    drafts.put(replace(EMPTY, name=f"run-{sys.argv[2]}-{number}"))
    drafts.flush()
    print(number, flush=True)
"""


@dataclass(frozen=True)
class Step:
    """A part of the main job.

    Attributes:
        work: does it.
        after_kill: checks what has to hold whenever it was killed; gets what it had printed.
        after_run: checks what has to hold after it was run to its end.
        is_done: whether a killed one had done its work, so that another whole run would be another job.
    """

    work: Work
    after_kill: Callable[[str], None]
    after_run: Callable[[], None]
    is_done: Callable[[], bool] = lambda: False


@dataclass(frozen=True)
class MainJob:
    """The steps, at a home and in a folder; `trained` is a job that has ended."""

    home: Home
    folder: Path
    trained: str
    random: random.Random

    def step(self, kind: str) -> Step:
        """Prepare a step of a kind of `STEPS`."""
        step: Step = getattr(self, kind)()
        return step

    # By command

    def launch(self) -> Step:
        """`jsft launch`."""
        name = unique_name("kill")
        path = run_file(self.folder, name, instance=SMALL, hyperparameters={"epochs": 1})
        return Step(
            self._jsft("launch", path, "--yes"),
            lambda _: self._check_launched_once_at_most(name),
            lambda: self._check_launched_once(name),
        )

    def upload(self) -> Step:
        """`jsft s3 upload`."""
        source = self._source("source")
        work = self._jsft("s3", "upload", source, f"s3://{BUCKET}/kills/command/")
        return Step(work, lambda _: None, lambda: self._check_uploaded(source, "kills/command/"))

    def download(self) -> Step:
        """`jsft download`."""
        target = self.folder / "model"
        shutil.rmtree(target, ignore_errors=True)
        work = self._jsft("download", self.trained, "-o", target, "--force")
        return Step(work, lambda _: self._check_whole_or_absent(target), lambda: self._check_downloaded(target))

    def catalog(self) -> Step:
        """`jsft models` without a cache."""
        shutil.rmtree(self.home.paths.cache, ignore_errors=True)
        return Step(self._jsft("models", "--json"), lambda _: None, lambda: None)

    def draft(self) -> Step:
        """A draft that is changed and saved as fast as can be."""
        path, key = self.folder / "draft.json", unique_name("d")

        def after_kill(out: str) -> None:
            if said := out.split():
                assert _number(_run_in(path)) >= int(said[-1])

        def after_run() -> None:
            drafts = Drafts(path)
            assert (drafts.run.name, drafts.kept_aside) == (f"run-{key}-49", None)
            assert [other.name for other in self.folder.glob("draft.json*")] == [path.name]

        words = [sys.executable, "-c", DRAFT, str(path), key]
        return Step(CommandWork(words, self._environment()), after_kill, after_run)

    # By screen

    def screen_launch(self) -> Step:
        """Launch the draft from Review, and see it on Job."""
        name = unique_name("kill-screen")
        path = run_file(self.folder, name, instance=SMALL, hyperparameters={"epochs": 1})
        run = self._put_draft(parse_run(path.read_text()))

        def play(hand: Hand) -> None:
            hand.wait_for(lists_models)
            hand.press("5")
            hand.wait_for(lambda text: "passed" in text and "checking" not in text)
            hand.press("L")
            asked = hand.wait_for(lambda text: "enter  Launch" in text or "esc  Close" in text)
            hand.press("y" if "enter  Launch" in asked else "escape")
            hand.wait_for(lambda text: "Output path" in text and name in text)

        def after_kill(_: str) -> None:
            self._check_launched_once_at_most(name)
            assert replace(_run_in(self._draft_file), name=name) == run

        return Step(
            self._screen(play),
            after_kill,
            lambda: self._check_launched_once(name),
            lambda: _run_in(self._draft_file).name != name,
        )

    def screen_upload(self) -> Step:
        """Upload a folder from Data."""
        source, prefix = self._source("screen-source"), "kills/screen/"

        def play(hand: Hand) -> None:
            hand.wait_for(lists_models)
            hand.press("2", "u")
            hand.wait_for("enter  Take")
            hand.press(f"s3://{BUCKET}/kills/", "enter")
            hand.wait_for(lambda text: "enter  Take" not in text and "kills" in text)
            hand.press("U")
            hand.wait_for("Upload which folder?")
            hand.press("tab", "ctrl+u", str(source), "enter")
            hand.wait_for("large.bin")
            hand.press("space")
            hand.wait_for("enter  Take")
            hand.press("ctrl+u", f"s3://{BUCKET}/{prefix}", "enter")
            asked = hand.wait_for(lambda text: "enter  Upload" in text or "Nothing to do" in text)
            if "enter  Upload" in asked:
                hand.press("y")
                hand.wait_for("Uploaded")

        return Step(self._screen(play), lambda _: None, lambda: self._check_uploaded(source, prefix))

    def screen_download(self) -> Step:
        """Download the model of a job from Job."""
        target = self.folder / "screen-model"
        shutil.rmtree(target, ignore_errors=True)

        def play(hand: Hand) -> None:
            hand.wait_for(lists_models)
            hand.press("6", "u")
            hand.wait_for("enter  Take")
            hand.press(self.trained, "enter")
            hand.wait_for(lambda text: "Output path" in text)
            hand.press("d")
            hand.wait_for("enter  Take")
            hand.press("ctrl+u", str(target), "enter")
            hand.wait_for("enter  Unpack it")
            hand.press("escape")
            hand.wait_for(lambda text: "enter  Unpack it" not in text)

        return Step(
            self._screen(play),
            lambda _: self._check_whole_or_absent(target),
            lambda: self._check_downloaded(target),
        )

    def screen_catalog(self) -> Step:
        """Open the program without a cache."""
        shutil.rmtree(self.home.paths.cache, ignore_errors=True)
        return Step(self._screen(lambda hand: _ignore(hand.wait_for(lists_models))), lambda _: None, lambda: None)

    def screen_draft(self) -> Step:
        """Rename the draft in Review, again and again."""
        key = unique_name("d")
        path = run_file(self.folder, f"run-{key}-0", instance=SMALL)
        self._put_draft(parse_run(path.read_text()))

        def play(hand: Hand) -> None:
            hand.wait_for(lists_models)
            hand.press("5")
            hand.wait_for("data_format")
            for number in range(_number(_run_in(self._draft_file)) + 1, RENAMINGS):
                hand.press("n")
                hand.wait_for(f"run-{key}-{number - 1}")  # in the dialog
                hand.press("ctrl+u", f"run-{key}-{number}", "enter")
                hand.wait_for(lambda text: "enter  Take" not in text)

        def after_kill(shown: str) -> None:
            numbers = [int(found) for found in re.findall(rf"run-{re.escape(key)}-(\d+)", shown)]
            # The one in the dialog may be typed and not taken; the one before it was taken a dialog ago.
            assert _number(_run_in(self._draft_file)) >= max(numbers, default=0) - 1

        def after_run() -> None:
            assert _number(_run_in(self._draft_file)) == RENAMINGS - 1
            found = {other.name for other in self._draft_file.parent.iterdir()}
            assert {name for name in found if not LEFT.fullmatch(name)} == {self._draft_file.name}

        return Step(self._screen(play), after_kill, after_run)

    # What holds

    def _check_launched_once_at_most(self, name: str) -> None:
        assert launched_jobs(self.home, name) <= 1
        if launched_jobs(self.home, name):
            assert name in {entry.name for entry in journal_of(self.home.paths.journal_file).entries()}

    def _check_launched_once(self, name: str) -> None:
        assert self.home.jsft("jobs").code == 0  # settles what a killed one left open
        assert launched_jobs(self.home, name) == 1
        assert journal_of(self.home.paths.journal_file).unsettled() == []
        self.home.wait_for_jobs()  # its quota is for the next

    def _check_uploaded(self, source: Path, prefix: str) -> None:
        s3 = self.home.sandbox.client("s3")
        for file in source.iterdir():
            body = s3.get_object(Bucket=BUCKET, Key=f"{prefix}{file.name}")["Body"].read()
            assert body == file.read_bytes(), file.name
        assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET, Prefix=prefix)

    def _check_whole_or_absent(self, target: Path) -> None:
        archive = target / "model.tar.gz"
        assert not archive.exists() or archive.read_bytes() == self._model()

    def _check_downloaded(self, target: Path) -> None:
        assert [path.name for path in target.iterdir()] == ["model.tar.gz"]
        assert (target / "model.tar.gz").read_bytes() == self._model()

    def _model(self) -> bytes:
        s3 = self.home.sandbox.client("s3")
        body: bytes = s3.get_object(Bucket=BUCKET, Key=f"{self.trained}/output/model.tar.gz")["Body"].read()
        return body

    # Helpers of the steps

    def _source(self, name: str) -> Path:
        source = self.folder / name
        source.mkdir(exist_ok=True)
        for file, size in (("large.bin", 12 << 20), ("small.bin", 1000), ("empty.bin", 0)):
            (source / file).write_bytes(self.random.randbytes(size))
        return source

    @property
    def _draft_file(self) -> Path:
        return self.home.paths.state / "drafts" / "sandbox.json"

    def _put_draft(self, run: Run) -> Run:
        shutil.rmtree(self._draft_file.parent, ignore_errors=True)
        drafts = Drafts(self._draft_file)
        drafts.put(run)
        drafts.flush()
        return run

    def _jsft(self, *arguments: object) -> CommandWork:
        words = [sys.executable, "-m", "jsft_tui", *map(str, arguments), "--sandbox"]
        return CommandWork(words, self._environment())

    def _screen(self, play: Callable[[Hand], None]) -> ScreenWork:
        return ScreenWork(self.home.environment(), play)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "JSFT_"))}
        return {**kept, **self.home.environment()}

    def left(self) -> list[Path]:
        """The files that a killed process left in jsft's own folders and in ours."""
        paths = self.home.paths
        roots = (paths.config, paths.state, paths.cache, self.folder)
        return [
            path
            for root in roots
            for path in root.rglob("*")
            if LEFT.fullmatch(path.name) and not path.is_relative_to(paths.sandbox)
        ]


STEPS = (
    *("launch", "screen_launch", "upload", "screen_upload", "download", "screen_download"),
    *("catalog", "screen_catalog", "draft", "screen_draft"),
)


def lists_models(text: str) -> bool:
    """Whether the catalog is there: some models, and none of them awaited."""
    return re.search(r"\b[1-9]\d*\b[^\n]*fine-tun", text) is not None


def _ignore(_: object) -> None:
    """Take a value that nobody needs."""


def _run_in(path: Path) -> Run:
    run = read_draft(json.loads(path.read_bytes())["run"])
    assert run is not None
    return run


def _number(run: Run) -> int:
    return int(run.name.rpartition("-")[2])
