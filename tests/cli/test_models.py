"""`jsft models`, `jsft model`, `jsft instances`."""

from __future__ import annotations

from tests.common.home import IMAGE_MODEL, Home


def test_models_are_the_fine_tunable_ones(home: Home) -> None:
    tunable = home.json("models")
    everything = home.json("models", "--all")

    assert len(tunable) >= 40
    assert all(model["fine_tunable"] for model in tunable)
    assert len(everything) > len(tunable)
    assert {"model_id", "version", "task", "framework", "gated", "deprecated", "default_instance_type"} <= set(
        tunable[0]
    )


def test_models_are_found_by_words_and_task(home: Home) -> None:
    found = home.json("models", "lite0", "--task", "ic")

    assert [model["model_id"] for model in found] == [IMAGE_MODEL]
    assert {model["task"] for model in home.json("models", "--task", "image-classification")} == {
        "image-classification"
    }


def test_the_second_list_costs_one_conditional_request(home: Home) -> None:
    home.json("models")
    home.sandbox.forget_calls()

    home.json("models")

    assert [operation for service, operation in home.sandbox.calls() if service == "s3"] == ["GetObject"]


def test_an_unknown_task_names_the_known_ones(home: Home) -> None:
    outcome = home.jsft("models", "--task", "imagination")

    assert outcome.code == 2
    assert "image-classification" in outcome.err


def test_a_model_shows_its_data_format_batch_and_hyperparameters(home: Home) -> None:
    model = home.json("model", IMAGE_MODEL)

    assert model["batch"] == {"parameter": "batch_size", "meaning": "global", "base": 32}
    assert model["data_format"]["task"] == "image-classification"
    assert model["data_format"]["rules"]
    by_name = {declared["name"]: declared for declared in model["hyperparameters"]}
    assert by_name["epochs"] == {
        "name": "epochs",
        "type": "int",
        "default": 5,
        "min": 1,
        "max": 1000,
        "exclusive_min": None,
        "exclusive_max": None,
        "options": None,
        "description": None,
        "scope": "algorithm",
    }
    assert by_name["sagemaker_program"]["scope"] == "container"
    assert model["default_dataset_uri"].startswith("s3://jumpstart-cache-prod-us-west-2/")
    assert "ml.g5.12xlarge" in model["instance_types"]


def test_an_unknown_model_offers_the_nearest(home: Home) -> None:
    outcome = home.jsft("model", "tensorflow-ic-eficientnet-lite0-clasification-2", "--json")

    assert outcome.code == 2
    assert outcome.error["code"] == "UnknownModel"
    assert IMAGE_MODEL in outcome.error["remedy"]


def test_an_unknown_version_names_the_known_ones(home: Home) -> None:
    outcome = home.jsft("model", IMAGE_MODEL, "--model-version", "9.9.9")

    assert outcome.code == 2
    assert "Known: " in outcome.err


def test_instances_show_price_quota_and_support(home: Home) -> None:
    found = {row["type"]: row for row in home.json("instances", IMAGE_MODEL)}

    g5 = found["ml.g5.12xlarge"]
    assert (g5["gpus"], g5["gpu_model"], g5["quota"], g5["supported"]) == (4, "A10G", 1, True)
    assert g5["price_usd_per_hour"] > 0
    assert found["ml.p3.2xlarge"]["quota"] == 0


def test_an_unknown_price_is_null_never_zero(home: Home) -> None:
    rows = home.json("instances", "--all")

    assert any(row["price_usd_per_hour"] is None for row in rows)
    assert all(row["price_usd_per_hour"] != 0 for row in rows)


def test_denied_prices_and_quotas_become_unknown_and_bundled(home: Home) -> None:
    home.json("models")
    home.sandbox.set_faults(
        {"do": "denied", "service": "service-quotas", "times": None},
        {"do": "denied", "service": "sagemaker", "operation": "ListTrainingJobs", "times": None},
    )

    rows = home.json("instances", IMAGE_MODEL)

    assert {row["quota"] for row in rows} == {None}
    assert {row["in_use"] for row in rows} == {None}


def test_instances_are_filtered_by_their_gpus(home: Home) -> None:
    assert {row["gpus"] for row in home.json("instances", IMAGE_MODEL, "--gpus", "4")} == {4}


def test_a_table_has_a_line_for_each_model(home: Home) -> None:
    outcome = home.jsft("models", "lite0")

    assert outcome.code == 0
    assert outcome.out.splitlines()[0].split() == ["MODEL", "VERSION", "TASK", "FRAMEWORK", "NOTES"]
    assert "trains here" in outcome.out


def test_each_model_says_whether_the_sandbox_trains_it_or_has_it_to_look_at(home: Home) -> None:
    notes = {words[0]: line for line in home.jsft("models").out.splitlines() if (words := line.split())}
    for card in home.json("models"):
        assert ("trains here" in notes[card["model_id"]]) is card["sandbox_runnable"]
        assert ("to look at" in notes[card["model_id"]]) is not card["sandbox_runnable"]
    only_deployed = [card["model_id"] for card in home.json("models", "--all") if not card["fine_tunable"]]
    assert only_deployed
    assert "to look at" not in home.jsft("models", only_deployed[0], "--all").out
