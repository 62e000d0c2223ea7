"""All adapters of one target, made when they are first used."""

from __future__ import annotations

from functools import cached_property

from jsft_tui.aws.client import sagemaker_sdk as sdk
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.aws.ec2 import Ec2
from jsft_tui.aws.iam import Iam
from jsft_tui.aws.jumpstart import ContentStore, content_buckets
from jsft_tui.aws.kms import Kms
from jsft_tui.aws.logs import TrainingLogs
from jsft_tui.aws.metrics import TrainingMetrics
from jsft_tui.aws.pricing import API_REGIONS, PriceList
from jsft_tui.aws.quotas import Quotas
from jsft_tui.aws.s3 import S3
from jsft_tui.aws.training import TrainingJobs
from jsft_tui.core.account.identity import TokenFacts
from jsft_tui.core.account.target import Target


class Account:
    """An AWS account (or what pretends to be one) in one region."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._session = AwsSession(target)

    @cached_property
    def iam(self) -> Iam:
        """Identity and roles."""
        return Iam(self._session)

    @cached_property
    def ec2(self) -> Ec2:
        """Networks, and where instance types are sold."""
        return Ec2(self._session)

    @cached_property
    def kms(self) -> Kms:
        """KMS keys."""
        return Kms(self._session)

    def token_life(self) -> TokenFacts:
        """How long the credentials last."""
        return self._session.token_life()

    @cached_property
    def s3(self) -> S3:
        """Buckets and objects."""
        return S3(self._session)

    @cached_property
    def training(self) -> TrainingJobs:
        """Training jobs."""
        return TrainingJobs(self._session)

    @cached_property
    def logs(self) -> TrainingLogs:
        """Logs of training jobs."""
        return TrainingLogs(self._session)

    @cached_property
    def metrics(self) -> TrainingMetrics:
        """Metrics of training jobs."""
        return TrainingMetrics(self._session)

    @cached_property
    def quotas(self) -> Quotas:
        """Service quotas."""
        return Quotas(self._session)

    @cached_property
    def price_list(self) -> PriceList:
        """Prices; the API has endpoints in a few regions only."""
        if self.target.endpoint or self.target.region in API_REGIONS:
            return PriceList(self._session)
        return PriceList(AwsSession(self.target.in_region(API_REGIONS[0])))

    def sagemaker_defaults(self) -> list[sdk.DefaultsFile]:
        """SageMaker's own defaults files, the admin's before the user's."""
        return sdk.defaults_files(self._session)

    @cached_property
    def content(self) -> ContentStore:
        """JumpStart's content bucket."""
        return ContentStore(self.s3, content_buckets(self.target.region))
