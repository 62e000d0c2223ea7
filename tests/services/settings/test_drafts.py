"""The draft is saved after every change, and restored."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.common.findings import Level
from jsft_tui.core.run.draft import EMPTY, draft_document, read_draft
from jsft_tui.core.run.run import InstanceChoice, KmsKeys, ModelChoice, Run, Vpc
from jsft_tui.services.settings.drafts import MAX_MODELS, Drafts
from jsft_tui.services.settings.recents import Recents
from tests.common.effort import PATIENCE
from tests.core.catalog.specs import training_run


def test_a_draft_is_restored(tmp_path: Path) -> None:
    path = tmp_path / "drafts" / "one.json"
    drafts = Drafts(path)
    heard: list[Run] = []
    stop = drafts.subscribe(heard.append)
    run = training_run(vpc=Vpc(("subnet-1",), ("sg-1",)), kms=KmsKeys(volume="key"), accept_eula=True)
    drafts.put(run)
    drafts.put(run)
    stop()
    drafts.put(replace(run, name="other"))
    drafts.flush()

    assert heard == [run]
    assert Drafts(path).run == replace(run, name="other")
    assert path.stat().st_mode & 0o777 == 0o600


def test_of_many_changes_the_last_is_saved(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "one.json")
    for number in range(200):
        drafts.put(training_run(name=f"run-{number}"))
    drafts.flush()

    assert Drafts(tmp_path / "one.json").run.name == "run-199"


DAMAGED = ("{", "[]", '{"version": 1, "run": {"model": 3}}', '{"version": 99}', '{"version": 1, "run": {}}')


def test_an_unreadable_draft_is_renamed_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    for number, text in enumerate(DAMAGED):
        path.write_text(text)
        drafts = Drafts(path)
        assert drafts.run == EMPTY
        assert drafts.kept_aside == tmp_path / f"one.json.unreadable{number + 1 if number else ''}"
        assert drafts.kept_aside.read_text() == text
        drafts.put(training_run())
        drafts.flush()
        assert Drafts(path).kept_aside is None
    assert len(list(tmp_path.iterdir())) == len(DAMAGED) + 1


def test_without_a_draft_nothing_is_renamed(tmp_path: Path) -> None:
    (tmp_path / "empty.json").touch()
    for name in ("empty.json", "none.json"):
        drafts = Drafts(tmp_path / name)
        assert (drafts.run, drafts.kept_aside) == (EMPTY, None)


def test_a_failed_save_is_reported_and_the_draft_stays(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    drafts = Drafts(tmp_path / "file" / "one.json")
    drafts.put(training_run())
    drafts.flush()

    assert drafts.run == training_run()
    assert drafts.problem is not None
    assert drafts.problem.code == "CannotWrite"


texts = st.text(max_size=8)


@given(
    st.builds(
        Run,
        name=texts,
        model=st.builds(ModelChoice, texts, texts, st.none() | texts),
        instance=st.builds(InstanceChoice, texts, st.integers(), st.booleans(), st.integers()),
        output=texts,
        data=st.dictionaries(texts, texts, max_size=2),
        hyperparameters=st.dictionaries(texts, texts, max_size=2),
        vpc=st.none() | st.builds(Vpc, st.tuples(texts), st.tuples(texts)),
        tags=st.dictionaries(texts, texts, max_size=2),
        encrypt_traffic=st.none() | st.booleans(),
    )
)
def test_every_draft_survives_its_file(run: Run) -> None:
    assert read_draft(draft_document(run)) == run


def test_recent_locations_are_latest_first_and_unique(tmp_path: Path) -> None:
    recents = Recents(tmp_path / "recents.json")
    for place in ("s3://a/", "s3://b/", "s3://a/"):
        recents.add(place)

    assert Recents(tmp_path / "recents.json").places() == ["s3://a/", "s3://b/"]


def test_a_recent_location_keeps_its_verdict_for_each_model(tmp_path: Path) -> None:
    path = tmp_path / "recents.json"
    path.write_text('["s3://old/"]')  # as former versions wrote it
    recents = Recents(path)
    recents.judge("s3://never-used/", "model", Level.PASS)
    recents.add("s3://a/")
    recents.judge("s3://a/", "model", Level.PASS)
    recents.judge("s3://a/", "other", Level.BLOCK)
    recents.add("s3://a/")

    first, second = Recents(path).entries()
    assert (first.place, first.verdicts) == ("s3://a/", {"model": Level.PASS, "other": Level.BLOCK})
    assert first.used is not None
    assert (second.place, second.used) == ("s3://old/", None)


def test_a_draft_knows_that_it_was_launched_until_it_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    drafts = Drafts(path)
    known = []
    for put, run in (
        (drafts.put, training_run()),
        (drafts.put_launched, training_run(name="the-next")),
        (drafts.put, training_run(name="renamed")),
        (drafts.put, training_run(accept_eula=True)),
    ):
        put(run)
        drafts.flush()
        known.append((drafts.is_launched, Drafts(path).is_launched))

    assert known == [(False, False), (True, True), (True, True), (False, False)]


def test_a_draft_that_is_nested_too_deeply_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text("[" * 100_000)
    assert Drafts(path).kept_aside == tmp_path / "one.json.unreadable"


def test_choices_for_a_model_are_kept_while_the_draft_has_another_one(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    drafts = Drafts(path)
    first = training_run(model=ModelChoice("first", "1.0"), data={"training": "s3://mine/"})
    drafts.put(first)
    drafts.put(replace(first, hyperparameters={"epochs": "7"}))
    drafts.put(training_run(model=ModelChoice("second", "1.0")))
    drafts.flush()

    assert drafts.previous("first") == replace(first, hyperparameters={"epochs": "7"})
    assert drafts.previous("second") is None
    again = Drafts(path)
    assert again.previous("first") == drafts.previous("first")
    again.put(replace(first, name="again"))
    assert again.previous("first") is None
    assert again.previous("second") == training_run(model=ModelChoice("second", "1.0"))


def test_the_number_of_models_is_limited_and_unreadable_ones_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    drafts = Drafts(path)
    for number in range(MAX_MODELS + 2):
        drafts.put(training_run(model=ModelChoice(f"model-{number}", "1.0")))
    drafts.flush()
    assert [drafts.previous(f"model-{number}") is None for number in range(3)] == [True, False, False]

    document = json.loads(path.read_text())
    document["left"] = [{"name": 3}, *document["left"][:1], "nonsense"]
    path.write_text(json.dumps(document))
    assert Drafts(path).previous("model-1") == training_run(model=ModelChoice("model-1", "1.0"))


# -- two jsft on one home


def two_at_work(path: Path) -> tuple[Drafts, Drafts, list[Path]]:
    """Two drafts of one file, as two processes have them, and what the second one is told."""
    one, two = Drafts(path), Drafts(path)
    told: list[Path] = []
    two.on_other = told.append
    return one, two, told


def saved(drafts: Drafts, run: Run) -> None:
    drafts.put(run)
    drafts.flush()


def kept_runs(folder: Path) -> list[Run | None]:
    return [read_draft(json.loads(path.read_bytes())["run"]) for path in sorted(folder.iterdir())]


def test_a_draft_that_another_jsft_changed_is_kept_and_said(tmp_path: Path) -> None:
    one, two, told = two_at_work(tmp_path / "one.json")
    saved(one, training_run(name="of-one"))
    saved(two, training_run(name="of-two"))

    assert Drafts(tmp_path / "one.json").run.name == "of-two"
    assert sorted(run.name for run in kept_runs(tmp_path) if run) == ["of-one", "of-two"]
    assert [path.exists() for path in told] == [True]


def test_two_that_take_turns_lose_nothing_and_leave_one_file_each(tmp_path: Path) -> None:
    one, two, told = two_at_work(tmp_path / "one.json")
    for number in range(20):
        saved(one, training_run(name=f"of-one-{number}"))
        saved(two, training_run(name=f"of-two-{number}"))

    assert len(told) == 1
    names = sorted(run.name for run in kept_runs(tmp_path) if run)
    assert names == ["of-one-19", "of-two-18", "of-two-19"]


def test_a_draft_of_another_model_is_there_when_its_model_is_chosen(tmp_path: Path) -> None:
    one, two, _ = two_at_work(tmp_path / "one.json")
    theirs = training_run(model=ModelChoice("theirs", "1.0"), data={"training": "s3://theirs/"})
    saved(one, training_run(model=ModelChoice("left", "1.0")))
    saved(one, theirs)
    saved(two, training_run(model=ModelChoice("ours", "1.0")))

    assert two.previous("theirs") == theirs
    again = Drafts(tmp_path / "one.json")
    assert again.previous("theirs") == theirs
    assert again.previous("left") == training_run(model=ModelChoice("left", "1.0"))


def test_what_another_jsft_wrote_and_this_version_cannot_read_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    drafts = Drafts(path)
    saved(drafts, training_run(name="first"))
    path.write_text('{"version": 99}')
    saved(drafts, training_run(name="second"))

    assert (tmp_path / "one.json.unreadable").read_text() == '{"version": 99}'
    assert Drafts(path).run.name == "second"


WRITERS = """
import sys
from pathlib import Path
from jsft_tui.services.settings.recents import Recents
from jsft_tui.services.settings.save_setting import save_settings
folder, number = Path(sys.argv[1]), int(sys.argv[2])
sys.stdin.readline()
for place in range(5):
    Recents(folder / "recents.json").add(f"s3://place-{number}-{place}/")
settings = [("role", "arn:aws:iam::123456789012:role/A"), ("output", "s3://bucket"), ("region", "us-west-2")]
save_settings(folder / "config.yaml", dict([settings[number]]))
"""


def test_processes_that_write_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITERS, str(tmp_path)]
    processes = [
        subprocess.Popen([*command, str(number)], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for number in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, errors = process.communicate(timeout=PATIENCE)
        assert (process.returncode, errors) == (0, "")

    expected = {f"s3://place-{number}-{place}/" for number in range(3) for place in range(5)}
    assert set(Recents(tmp_path / "recents.json").places()) == expected
    assert len((tmp_path / "config.yaml").read_text().splitlines()) == 3
    assert {path.name for path in tmp_path.iterdir()} == {"recents.json", "config.yaml"}
