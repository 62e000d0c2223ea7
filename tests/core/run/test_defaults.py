"""Defaults in layers."""

from __future__ import annotations

import pytest

from jsft_tui.core.run.defaults import Defaults, first_set, with_defaults
from jsft_tui.core.run.run import KmsKeys, Vpc
from tests.core.catalog.specs import training_run
from tests.core.customization.specs import customization_run

ADMIN = Defaults(
    role="admin-role",
    output="s3://admin",
    vpc=Vpc(("subnet-1",), ("sg-1",)),
    volume_key="admin-volume",
    output_key="admin-output",
    tags={"team": "admin", "cost": "1"},
    environment={"A": "admin"},
    encrypt_traffic=True,
    network_isolation=True,
    max_cost_usd=100.0,
).from_origin("admin file")


def test_a_higher_layer_wins_where_it_says_something() -> None:
    user = Defaults(role="user-role", tags={"team": "user"}, encrypt_traffic=False, max_cost_usd=0.0).from_origin(
        "user file"
    )
    found = user.over(ADMIN)
    assert (found.role, found.output, found.volume_key) == ("user-role", "s3://admin", "admin-volume")
    assert found.tags == {"team": "user", "cost": "1"}
    assert found.encrypt_traffic is False
    assert found.network_isolation is True
    assert found.max_cost_usd == 0.0


def test_each_value_has_its_origin() -> None:
    found = Defaults(role="user-role", encrypt_traffic=False).from_origin("user file").over(ADMIN)
    assert found.origins["role"] == "user file"
    assert found.origins["encrypt_traffic"] == "user file"
    assert found.origins["output"] == "admin file"


def test_what_a_layer_does_not_say_has_no_origin() -> None:
    assert Defaults().from_origin("file").origins == {}
    assert set(Defaults(max_cost_usd=0.0, encrypt_traffic=False).from_origin("file").origins) == {
        "max_cost_usd",
        "encrypt_traffic",
    }


def test_a_layer_that_says_nothing_changes_nothing() -> None:
    assert Defaults().over(ADMIN) == ADMIN
    assert ADMIN.over(Defaults()) == ADMIN


def test_a_run_is_filled_where_it_is_open() -> None:
    found = with_defaults(training_run(output="", role=None), ADMIN)
    assert (found.output, found.role) == ("s3://admin", "admin-role")
    assert found.vpc == ADMIN.vpc
    assert found.kms == KmsKeys("admin-volume", "admin-output")
    assert (found.encrypt_traffic, found.network_isolation, found.max_cost_usd) == (True, True, 100.0)


def test_what_a_run_says_itself_wins() -> None:
    run = training_run(
        role="mine",
        kms=KmsKeys(volume="mine"),
        tags={"team": "mine"},
        environment={"B": "mine"},
        encrypt_traffic=False,
        max_cost_usd=0.0,
    )
    found = with_defaults(run, ADMIN)
    assert (found.role, found.output) == ("mine", "s3://my-output")
    assert found.kms == KmsKeys("mine", "admin-output")
    assert found.tags == {"team": "mine", "cost": "1"}
    assert found.environment == {"A": "admin", "B": "mine"}
    assert (found.encrypt_traffic, found.max_cost_usd) == (False, 0.0)


def test_filling_twice_is_filling_once() -> None:
    once = with_defaults(training_run(role=None), ADMIN)
    assert with_defaults(once, ADMIN) == once


@pytest.mark.parametrize(
    ("higher", "lower", "said"),
    [(None, True, True), (None, None, None), (False, True, False), (True, False, True), (None, False, False)],
)
def test_no_is_something_said(higher: bool | None, lower: bool | None, said: bool | None) -> None:
    assert first_set(higher, lower) is said


def test_group_and_mlflow_app_of_the_settings_are_for_customizations_that_do_not_say() -> None:
    defaults = Defaults(model_package_group="team").over(Defaults(model_package_group="admin", mlflow_app="arn"))
    said = with_defaults(customization_run(choices={"model_package_group": "mine"}), defaults).customization
    open_ = with_defaults(customization_run(choices={"model_package_group": ""}), defaults).customization
    assert said is not None
    assert open_ is not None
    assert (said.model_package_group, said.mlflow_app) == ("mine", "arn")
    assert open_.model_package_group == "team"
    assert with_defaults(training_run(), defaults).customization is None
