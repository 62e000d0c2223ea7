"""Recipes through the catalog's cache, first runs, and what a customization job has cost."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jsft_tui.aws.jumpstart import SpecDocument
from jsft_tui.core.catalog.spec.spec import ManifestEntry, ModelSpec
from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.jobs.customization.customization_job import CustomizationJob
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.run.defaults import Defaults
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.customization.first_run import first_customization_run
from jsft_tui.services.customization.job_cost import JobCosts
from tests.core.customization.specs import MODEL, PARAMETERS, RECIPES, REWARD_PARAMETERS


class Content:
    """JumpStart's content with one model, in memory; counts what is read."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.document: dict[str, Any] = {"model_id": MODEL, "version": "1.2.3", "recipe_collection": RECIPES}

    def manifest(self, etag: str = "") -> tuple[list[ManifestEntry], str]:
        return [ManifestEntry(MODEL, "1.2.3", f"community_models/{MODEL}/specs_v1.2.3.json")], etag

    def spec(self, key: str) -> SpecDocument:
        self.read.append(key)
        return SpecDocument(ModelSpec.parse(self.document), self.document)

    def parameters(self, key: str) -> Any:
        self.read.append(key)
        return REWARD_PARAMETERS if "rl" in key else PARAMETERS

    def text(self, key: str) -> str:
        self.read.append(key)
        return "run: {name: '{{name}}'}\n"


@pytest.fixture
def content() -> Content:
    return Content()


def catalog(content: Any, folder: Path) -> Catalog:
    return Catalog(content, folder)


def job_costs(content: Any, folder: Path, price: SkuPrice | Problem | None) -> JobCosts:
    def sku_price(usage_type: str, region: str) -> SkuPrice | None:
        assert usage_type.startswith("USW2-ServerlessTraining")
        assert region == "us-west-2"
        if isinstance(price, Problem):
            raise price
        return price

    account: Any = SimpleNamespace(
        target=SimpleNamespace(region="us-west-2"), price_list=SimpleNamespace(sku_price=sku_price)
    )
    return JobCosts(account, catalog(content, folder))


def job(**answer: Any) -> TrainingJob:
    arn = f"arn:aws:sagemaker:us-west-2:aws:hub-content/SageMakerPublicHub/Model/{MODEL}/0.9.0"
    return TrainingJob.parse({"TrainingJobName": "j", "ServerlessJobConfig": {"BaseModelArn": arn}, **answer}, {})


def test_specs_and_parameters_are_kept_over_sessions(content: Content, tmp_path: Path) -> None:
    wanted = Customization(Technique.SFT)
    for _ in range(3):
        here = catalog(content, tmp_path)
        spec = here.customized_spec(here.spec(MODEL), wanted)
        assert spec.hyperparameter("max_epochs") is not None
    assert len(content.read) == 3, "spec, parameters and template"


def test_a_cut_file_of_the_cache_is_fetched_again(content: Content, tmp_path: Path) -> None:
    here = catalog(content, tmp_path)
    here.customized_spec(here.spec(MODEL), Customization(Technique.SFT))
    (kept,) = (tmp_path / "recipes").glob("*.json")
    kept.write_text(json.dumps({"version": 1})[:-3])
    assert here.customized_spec(here.spec(MODEL), Customization(Technique.SFT)).recipe is not None
    assert len(content.read) == 4, "and the template was not"


def test_cards_keep_recipes_and_regions_over_sessions(content: Content, tmp_path: Path) -> None:
    (fresh,) = catalog(content, tmp_path).cards()
    (kept,) = catalog(content, tmp_path).cached_cards()
    assert kept == fresh
    assert kept.techniques_in("eu-west-1") == ("SFT", "DPO", "RLVR", "RLAIF")
    assert not kept.is_trainable_in("eu-west-3")


def test_the_first_customization_is_what_the_region_offers(content: Content, tmp_path: Path) -> None:
    here = catalog(content, tmp_path)
    run, spec = first_customization_run(here, "us-west-2", here.spec(MODEL), Defaults(output="s3://mine"), None)
    assert run.customization == Customization(Technique.SFT, Adapter.LORA)
    assert (run.output, run.instance.type) == ("s3://mine", "serverless")
    assert run.hyperparameters["max_epochs"] == "5"
    assert spec.recipe is not None
    content.document = {"model_id": MODEL, "version": "1.2.3"}
    with pytest.raises(Problem) as refused:
        first_customization_run(here, "us-west-2", ModelSpec.parse(content.document), Defaults(), None)
    assert refused.value.code == "NotFineTunable"


@pytest.mark.parametrize(
    ("price", "tokens", "seconds", "usd"),
    [
        (SkuPrice(2.0, "1M tokens"), 500_000, None, 1.0),
        (SkuPrice(10.0, "Hours"), None, 1800, 5.0),
        (SkuPrice(2.0, "1M tokens"), None, 1800, None),
        (None, 500_000, None, None),
        (Problem("AccessDenied", "not allowed."), 500_000, None, None),
    ],
    ids=["tokens", "hours", "no tokens yet", "no price", "not allowed"],
)
def test_a_job_costs_its_tokens_or_its_hours(
    content: Content,
    tmp_path: Path,
    price: SkuPrice | Problem | None,
    tokens: int | None,
    seconds: int | None,
    usd: float | None,
) -> None:
    customization = CustomizationJob("SFT", "LoRA", tokens=tokens)
    found = job_costs(content, tmp_path, price).of(
        job(TrainingTimeInSeconds=seconds, BillableTokenCount=tokens), customization
    )
    assert found.usd == (None if usd is None else pytest.approx(usd))
    assert found.reasoning
