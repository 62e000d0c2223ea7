"""All adapters of one target, imported and created when they are first used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.account.sign_in import no_terminal_for_code

if TYPE_CHECKING:
    from jsft_tui.aws.client import sagemaker_sdk as sdk
    from jsft_tui.aws.customization.hub import Hubs
    from jsft_tui.aws.customization.mlflow import MlflowApps
    from jsft_tui.aws.customization.model_packages import ModelPackages
    from jsft_tui.aws.ec2 import Ec2
    from jsft_tui.aws.iam import Iam
    from jsft_tui.aws.jobs.launching import Launching
    from jsft_tui.aws.jobs.logs import TrainingLogs
    from jsft_tui.aws.jobs.metrics import TrainingMetrics
    from jsft_tui.aws.jobs.training import TrainingJobs
    from jsft_tui.aws.jobs.tuning import TuningJobs
    from jsft_tui.aws.jumpstart import ContentStore
    from jsft_tui.aws.kms import Kms
    from jsft_tui.aws.pricing import PriceList
    from jsft_tui.aws.quotas import Quotas
    from jsft_tui.aws.s3 import S3
    from jsft_tui.aws.serving.endpoints import Serving
    from jsft_tui.aws.serving.scaling import Scaling
    from jsft_tui.aws.serving.schedules import Schedules
    from jsft_tui.aws.serving.traffic import Traffic
    from jsft_tui.aws.serving.transforms import Transforms
    from jsft_tui.core.account.identity import TokenFacts
    from jsft_tui.core.account.sign_in import AskCode
    from jsft_tui.core.account.target import Target


class Account:
    """An AWS account (or a server that emulates one) in one region."""

    def __init__(self, target: Target, ask: AskCode = no_terminal_for_code) -> None:
        """`ask` is called for the MFA code that a profile wants."""
        self.target = target
        self._session = AwsSession(target, ask)

    @cached_property
    def iam(self) -> Iam:
        """Return the adapter for identity and roles."""
        from jsft_tui.aws.iam import Iam

        return Iam(self._session)

    @cached_property
    def ec2(self) -> Ec2:
        """Return the adapter for networks and instance type offerings."""
        from jsft_tui.aws.ec2 import Ec2

        return Ec2(self._session)

    @cached_property
    def kms(self) -> Kms:
        """Return the adapter for KMS keys."""
        from jsft_tui.aws.kms import Kms

        return Kms(self._session)

    def token_life(self) -> TokenFacts:
        """Return how long the credentials remain valid."""
        return self._session.token_life()

    @cached_property
    def s3(self) -> S3:
        """Return the adapter for buckets and objects."""
        from jsft_tui.aws.s3 import S3

        return S3(self._session)

    @cached_property
    def training(self) -> TrainingJobs:
        """Return the adapter for training jobs."""
        from jsft_tui.aws.jobs.training import TrainingJobs

        return TrainingJobs(self._session)

    @cached_property
    def serving(self) -> Serving:
        """Return the adapter for endpoints."""
        from jsft_tui.aws.serving.endpoints import Serving

        return Serving(self._session)

    @cached_property
    def tuning(self) -> TuningJobs:
        """Return the adapter for tuning jobs."""
        from jsft_tui.aws.jobs.tuning import TuningJobs

        return TuningJobs(self._session)

    @cached_property
    def launching(self) -> Launching:
        """Return the adapter that creates training and tuning jobs."""
        from jsft_tui.aws.jobs.launching import Launching

        return Launching(self._session)

    @cached_property
    def logs(self) -> TrainingLogs:
        """Return the adapter for the logs of training jobs."""
        from jsft_tui.aws.jobs.logs import TrainingLogs

        return TrainingLogs(self._session)

    @cached_property
    def transform_logs(self) -> TrainingLogs:
        """Return the adapter for the logs of transform jobs."""
        from jsft_tui.aws.jobs.logs import TRANSFORM_GROUP, TrainingLogs

        return TrainingLogs(self._session, TRANSFORM_GROUP)

    def endpoint_logs(self, endpoint: str) -> TrainingLogs:
        """Return the adapter for the log of an endpoint."""
        from jsft_tui.aws.jobs.logs import EndpointLogs

        return EndpointLogs(self._session, endpoint)

    @cached_property
    def transforms(self) -> Transforms:
        """Return the adapter for transform jobs."""
        from jsft_tui.aws.serving.transforms import Transforms

        return Transforms(self._session)

    @cached_property
    def schedules(self) -> Schedules:
        """Return the adapter for schedules."""
        from jsft_tui.aws.serving.schedules import Schedules

        return Schedules(self._session)

    @cached_property
    def scaling(self) -> Scaling:
        """Return the adapter for the scaling of asynchronous endpoints."""
        from jsft_tui.aws.serving.scaling import Scaling

        return Scaling(self._session)

    @cached_property
    def traffic(self) -> Traffic:
        """Return the adapter for the calls of endpoints."""
        from jsft_tui.aws.serving.traffic import Traffic

        return Traffic(self._session)

    @cached_property
    def metrics(self) -> TrainingMetrics:
        """Return the adapter for the metrics of training jobs."""
        from jsft_tui.aws.jobs.metrics import TrainingMetrics

        return TrainingMetrics(self._session)

    @cached_property
    def model_packages(self) -> ModelPackages:
        """Return the adapter for the model registry."""
        from jsft_tui.aws.customization.model_packages import ModelPackages

        return ModelPackages(self._session)

    @cached_property
    def hubs(self) -> Hubs:
        """Return the adapter for hub documents."""
        from jsft_tui.aws.customization.hub import Hubs

        return Hubs(self._session)

    @cached_property
    def mlflow(self) -> MlflowApps:
        """Return the adapter for MLflow apps."""
        from jsft_tui.aws.customization.mlflow import MlflowApps

        return MlflowApps(self._session)

    @cached_property
    def quotas(self) -> Quotas:
        """Return the adapter for service quotas."""
        from jsft_tui.aws.quotas import Quotas

        return Quotas(self._session)

    @cached_property
    def price_list(self) -> PriceList:
        """Return the adapter for prices; the Price List API has endpoints in a few regions only."""
        from jsft_tui.aws.pricing import API_REGIONS, PriceList

        if self.target.endpoint_of("pricing") or self.target.region in API_REGIONS:
            return PriceList(self._session)
        return PriceList(self._session.in_region(API_REGIONS[0]))

    def sagemaker_defaults(self) -> list[sdk.DefaultsFile]:
        """Read SageMaker's own defaults files, the admin's before the user's."""
        from jsft_tui.aws.client import sagemaker_sdk as sdk

        return sdk.defaults_files(self._session)

    @cached_property
    def content(self) -> ContentStore:
        """Return the adapter for JumpStart's content bucket."""
        from jsft_tui.aws.jumpstart import ContentStore, content_buckets

        return ContentStore(self.s3, content_buckets(self.target.region))
