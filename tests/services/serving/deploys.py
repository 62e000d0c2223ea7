"""An account to deploy to, and deploys of one model, for the tests of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from jsft_tui.aws.account import Account
from jsft_tui.core.account.target import StaticCredentials, Target
from jsft_tui.core.catalog.job_tags import MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.deploy.plan import DeployPlan
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.preflight.prices import HostingPrices
from jsft_tui.services.preflight.quota_cache import QuotaCache
from jsft_tui.services.preflight.quotas import QuotaBook
from jsft_tui.services.serving.deploying import Deploying
from jsft_tui.services.serving.endpoints import Endpoints
from jsft_tui.services.serving.inputs import DeployInputs
from tests.common.servers.sagemaker_server import REGION, SPEC, client

NOW = 1_800_000_000.0
ROLE = "arn:aws:iam::123456789012:role/Train"
MODEL = ModelSpec.parse(SPEC)


class OneModel:
    """A catalog with one model."""

    def spec(self, model_id: str, version: str) -> ModelSpec:
        assert (model_id, version) == (MODEL.model_id, MODEL.version)
        return MODEL


class Place:
    """An account, and the services of it that deploy."""

    def __init__(self, url: str, cache: Path) -> None:
        target = Target(REGION, endpoint=url, credentials=StaticCredentials("testing", "testing"))
        self.url = url
        self.account = Account(target)
        self.endpoints = Endpoints(self.account)
        quotas = QuotaBook(self.account.quotas, self.account.training, QuotaCache(cache, lambda: "123456789012"))
        prices = HostingPrices(self.account.price_list, REGION, cache)
        self.inputs = DeployInputs(self.account, self.endpoints, quotas, prices)
        self.time = NOW
        self.deploying = Deploying(self.account, cast(Catalog, OneModel()), self.inputs, now=lambda: self.time)

    @property
    def left(self) -> tuple[list[str], list[str], list[str]]:
        """The names of all endpoints, configurations and models."""
        serving = self.account.serving
        return serving.endpoint_names(), serving.config_names(), serving.model_names()


def job(**changes: Any) -> TrainingJob:
    answer = {
        "TrainingJobName": "my-job",
        "TrainingJobStatus": "Completed",
        "ModelArtifacts": {"S3ModelArtifacts": "s3://my-bucket/my-job/output/model.tar.gz"},
        "RoleArn": ROLE,
        **changes,
    }
    return TrainingJob.parse(answer, {MODEL_ID_TAG: MODEL.model_id, MODEL_VERSION_TAG: MODEL.version})


def planned(place: Place, **wanted: Any) -> DeployPlan:
    return place.deploying.plan(job(), Deployment(**{"name": "", "instance_type": "", **wanted}), NOW)


def targets(place: Place) -> list[Any]:
    """What is registered to scale."""
    scaling = client(place.url, "application-autoscaling")
    found: list[Any] = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    return found
