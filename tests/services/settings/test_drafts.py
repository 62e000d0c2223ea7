"""The draft is on the disk soon after every change, and restored from there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.run.draft import EMPTY, draft_document, read_draft
from jsft_tui.core.run.run import InstanceChoice, KmsKeys, ModelChoice, Run, Vpc
from jsft_tui.services.settings.drafts import MAX_MODELS, Drafts, Recents
from tests.core.specs import training_run


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


def test_of_many_changes_the_last_is_kept(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "one.json")
    for number in range(200):
        drafts.put(training_run(name=f"run-{number}"))
    drafts.flush()

    assert Drafts(tmp_path / "one.json").run.name == "run-199"


SPOILT = ("{", "[]", '{"version": 1, "run": {"model": 3}}', '{"version": 99}', '{"version": 1, "run": {}}')


def test_a_draft_that_cannot_be_read_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    for number, text in enumerate(SPOILT):
        path.write_text(text)
        drafts = Drafts(path)
        assert drafts.run == EMPTY
        assert drafts.kept_aside == tmp_path / f"one.json.unreadable{number + 1 if number else ''}"
        assert drafts.kept_aside.read_text() == text
        drafts.put(training_run())
        drafts.flush()
        assert Drafts(path).kept_aside is None
    assert len(list(tmp_path.iterdir())) == len(SPOILT) + 1


def test_without_a_draft_nothing_is_kept_aside(tmp_path: Path) -> None:
    (tmp_path / "empty.json").touch()
    for name in ("empty.json", "none.json"):
        drafts = Drafts(tmp_path / name)
        assert (drafts.run, drafts.kept_aside) == (EMPTY, None)


def test_a_disk_that_refuses_is_told_and_the_draft_lives_on(tmp_path: Path) -> None:
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


def test_recent_places_are_kept_latest_first_without_doubles(tmp_path: Path) -> None:
    recents = Recents(tmp_path / "recents.json")
    for place in ("s3://a/", "s3://b/", "s3://a/"):
        recents.add(place)

    assert Recents(tmp_path / "recents.json").places() == ["s3://a/", "s3://b/"]


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


def test_a_draft_that_is_nested_too_deeply_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text("[" * 100_000)
    assert Drafts(path).kept_aside == tmp_path / "one.json.unreadable"


def test_what_was_chosen_for_a_model_is_kept_while_the_draft_has_another_one(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    drafts = Drafts(path)
    first = training_run(model=ModelChoice("first", "1.0"), data={"training": "s3://mine/"})
    drafts.put(first)
    drafts.put(replace(first, hyperparameters={"epochs": "7"}))
    drafts.put(training_run(model=ModelChoice("second", "1.0")))
    drafts.flush()

    assert drafts.left("first") == replace(first, hyperparameters={"epochs": "7"})
    assert drafts.left("second") is None
    again = Drafts(path)
    assert again.left("first") == drafts.left("first")
    again.put(replace(first, name="again"))
    assert again.left("first") is None
    assert again.left("second") == training_run(model=ModelChoice("second", "1.0"))


def test_only_so_many_models_are_kept_and_those_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    drafts = Drafts(path)
    for number in range(MAX_MODELS + 2):
        drafts.put(training_run(model=ModelChoice(f"model-{number}", "1.0")))
    drafts.flush()
    assert [drafts.left(f"model-{number}") is None for number in range(3)] == [True, False, False]

    document = json.loads(path.read_text())
    document["left"] = [{"name": 3}, *document["left"][:1], "nonsense"]
    path.write_text(json.dumps(document))
    assert Drafts(path).left("model-1") == training_run(model=ModelChoice("model-1", "1.0"))
