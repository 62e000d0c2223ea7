"""Everything that a face needs for one target, made when it is first used.

Its module is imported then, too: the interface is drawn before any of them, and a command needs few of them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from jsft_tui.aws.account import Account
from jsft_tui.core.account.sign_in import AskCode, no_terminal_for_code
from jsft_tui.core.run.defaults import Defaults
from jsft_tui.services.target.target_files import flags_of, own_file, scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jsft_tui.config import Config
    from jsft_tui.core.account.target import Target
    from jsft_tui.core.jobs.training_job import TrainingJob
    from jsft_tui.core.preflight.base.check import Plan
    from jsft_tui.core.sizing.suggest import Market
    from jsft_tui.paths import Paths
    from jsft_tui.services.catalog import Catalog
    from jsft_tui.services.customization.resources import CustomizationResources
    from jsft_tui.services.jobs.compare import ComparedJobs
    from jsft_tui.services.jobs.finish_hook import FinishHook
    from jsft_tui.services.jobs.follow import JobFollowers
    from jsft_tui.services.jobs.last_open import LastOpen
    from jsft_tui.services.jobs.listed.job_list import JobListStore
    from jsft_tui.services.jobs.listed.job_list_state import JobListState
    from jsft_tui.services.jobs.listed.running_jobs import RunningJobs
    from jsft_tui.services.jobs.reruns import Reruns
    from jsft_tui.services.jobs.summary import JobSummaries
    from jsft_tui.services.jobs.training_jobs import Jobs
    from jsft_tui.services.launch.journal import Journal
    from jsft_tui.services.launch.launch import Launch
    from jsft_tui.services.launch.settling import Settling
    from jsft_tui.services.preflight.market import MarketFinder
    from jsft_tui.services.preflight.planning import Planning
    from jsft_tui.services.preflight.prices import HostingPrices, Prices
    from jsft_tui.services.preflight.quotas import QuotaBook
    from jsft_tui.services.preflight.resource_pickers import ResourcePickers
    from jsft_tui.services.preflight.run import Preflight
    from jsft_tui.services.serving.deploying import Deploying
    from jsft_tui.services.serving.endpoint_list import EndpointListState, EndpointListStore
    from jsft_tui.services.serving.endpoints import Endpoints
    from jsft_tui.services.serving.facts import EndpointFacts
    from jsft_tui.services.serving.known import KnownEndpoints
    from jsft_tui.services.serving.offers import DeployOffers
    from jsft_tui.services.serving.transforming import Transforming
    from jsft_tui.services.serving.trying import Trying
    from jsft_tui.services.storage.artifacts import Artifacts
    from jsft_tui.services.storage.s3 import Storage
    from jsft_tui.services.storage.upload.uploads import Uploads
    from jsft_tui.services.tuning.searches import Searches


class Services:
    """The services of one target."""

    def __init__(
        self,
        target: Target,
        paths: Paths,
        config: Config,
        base: Defaults | None = None,
        ask_code: AskCode = no_terminal_for_code,
    ) -> None:
        """Create the services of a target.

        Args:
            target: where requests go.
            paths: of this user.
            config: the settings.
            base: the target's own defaults, below those of files.
            ask_code: asks for MFA codes.
        """
        self.target = target
        self.config = config
        self.account = Account(target, ask_code)
        self._paths = paths
        self._base = base or Defaults()

    @property
    def flags(self) -> str:
        """The options of the command line that lead to the target; empty where environment or settings do."""
        return flags_of(self.target)

    @cached_property
    def _cache(self) -> Path:
        return self._paths.cache / scope_of(self.target)

    @cached_property
    def catalog(self) -> Catalog:
        """The models of the region."""
        from jsft_tui.services.catalog import Catalog

        content = self.account.content
        return Catalog(content, self._cache / content.buckets.content)

    @cached_property
    def storage(self) -> Storage:
        """S3."""
        from jsft_tui.services.storage.s3 import Storage

        return Storage(self.account.s3)

    @cached_property
    def uploads(self) -> Uploads:
        """Uploads from this machine."""
        from jsft_tui.services.storage.upload.uploads import Uploads

        return Uploads(self.account.s3, self.target, self._paths.state / "uploads")

    @cached_property
    def artifacts(self) -> Artifacts:
        """Models that jobs made."""
        from jsft_tui.services.storage.artifacts import Artifacts

        return Artifacts(self.account.s3)

    @cached_property
    def prices(self) -> Prices:
        """Prices of the region."""
        from jsft_tui.services.preflight.prices import Prices

        return Prices(self.account.price_list, self.target.region, self._cache)

    @cached_property
    def hosting_prices(self) -> HostingPrices:
        """Prices of endpoints in the region."""
        from jsft_tui.services.preflight.prices import HostingPrices

        return HostingPrices(self.account.price_list, self.target.region, self._cache)

    @cached_property
    def quotas(self) -> QuotaBook:
        """Quotas of the account in the region."""
        from jsft_tui.services.preflight.quota_cache import QuotaCache
        from jsft_tui.services.preflight.quotas import QuotaBook

        cache = QuotaCache(self._cache, lambda: self.account.iam.identity().account)
        return QuotaBook(self.account.quotas, self.account.training, cache)

    @cached_property
    def market(self) -> MarketFinder:
        """Prices and quotas of the instance types of a model."""
        from jsft_tui.services.preflight.market import MarketFinder

        return MarketFinder(self.prices, self.quotas)

    @cached_property
    def finders(self) -> ResourcePickers:
        """Roles, networks and keys to choose from."""
        from jsft_tui.services.preflight.resource_pickers import ResourcePickers

        return ResourcePickers(self.account)

    @cached_property
    def customization(self) -> CustomizationResources:
        """What customizations can use in the account."""
        from jsft_tui.services.customization.resources import CustomizationResources

        return CustomizationResources(self.account, self.catalog)

    @cached_property
    def preflight(self) -> Preflight:
        """The checks before a launch."""
        from jsft_tui.services.preflight.input_fetcher import InputFetcher
        from jsft_tui.services.preflight.run import Preflight

        fetcher = InputFetcher(self.account, self.storage, self.quotas, self.prices)

        def market(plan: Plan) -> Market:
            return self.market.left(plan.spec, spot=plan.run.instance.spot)

        return Preflight(fetcher, market, self.catalog.cards, self.flags)

    @cached_property
    def planning(self) -> Planning:
        """The plans of runs, and the first run of a model."""
        from jsft_tui.services.preflight.planning import Planning

        return Planning(self.target, self.account, self.catalog, self.market, lambda: self.defaults)

    @cached_property
    def journal(self) -> Journal:
        """The record of launches at this target."""
        from jsft_tui.services.launch.journal import Journal, Place

        def place() -> Place:
            return Place(self.target.label, self.target.region, self.account.launching.endpoint)

        return Journal(self._paths.journal_file, place)

    @cached_property
    def settling(self) -> Settling:
        """Finding out what became of launches whose answer was lost."""
        from jsft_tui.services.launch.settling import Settling

        return Settling(self.account.launching, self.journal, lambda: self.account.iam.identity().account)

    @cached_property
    def launch(self) -> Launch:
        """Checking, confirming and sending a run."""
        from jsft_tui.core.account.read_only import writing_refused
        from jsft_tui.services.launch.launch import Launch
        from jsft_tui.services.launch.sending import Sending

        sending = Sending(self.account.launching, self.journal, self.settling)
        refused = writing_refused(self.target, "nothing is launched")
        above = self.config.confirm_above_usd
        return Launch(self.account, sending, self.settling, self.preflight, self.prices, above, refused)

    @cached_property
    def jobs(self) -> Jobs:
        """Training jobs."""
        from jsft_tui.services.jobs.training_jobs import Jobs

        return Jobs(self.account, self._priced)

    def _priced(self, job: TrainingJob) -> TrainingJob:
        """Return a job with the price of its recipe, if it has one."""
        return self.customization.costs.priced(job) if job.is_serverless else job

    @cached_property
    def reruns(self) -> Reruns:
        """Runs made of earlier jobs."""
        from jsft_tui.core.storage.uri import S3Uri
        from jsft_tui.services.jobs.reruns import Reruns

        account = self.account

        def read(uri: str) -> str:
            return account.s3.read(S3Uri.parse(uri)).decode("utf-8", "replace")

        buckets = account.content.buckets
        return Reruns(self.jobs, self.catalog, buckets, self.market, lambda model: self.planning.first_run(model), read)

    @cached_property
    def searches(self) -> Searches:
        """Hyperparameter tuning jobs."""
        from jsft_tui.services.tuning.searches import Searches

        return Searches(self.account)

    @cached_property
    def endpoints(self) -> Endpoints:
        """Endpoints, and what belongs to them."""
        from jsft_tui.core.account.read_only import writing_refused
        from jsft_tui.services.serving.endpoints import Endpoints

        return Endpoints(self.account, writing_refused(self.target, "nothing is deleted"))

    @cached_property
    def endpoint_list(self) -> EndpointListStore:
        """The list of endpoints, for the screens."""
        from jsft_tui.services.serving.endpoint_list import EndpointListStore

        is_local = self.target.endpoint is not None
        prices, calls = self.hosting_prices.table, self.endpoint_facts.calls
        learn = self._remember_endpoints
        return EndpointListStore(self.endpoints, prices, is_local=is_local, calls=calls, on_refresh=learn)

    def _remember_endpoints(self, state: EndpointListState) -> None:
        """Keep what the list of endpoints knows for the warning of the next start."""
        self.known_endpoints.learn(state.endpoints, state.prices or {}, state.calls, state.asked or 0.0)

    @cached_property
    def deploy_offers(self) -> DeployOffers:
        """What models of training jobs can be deployed to."""
        from jsft_tui.services.serving.offers import DeployOffers

        return DeployOffers(self.catalog, self.endpoints, self.quotas, self.hosting_prices)

    @cached_property
    def deploying(self) -> Deploying:
        """Deploying the models of training jobs."""
        from jsft_tui.core.account.read_only import writing_refused
        from jsft_tui.services.serving.deploying import Deploying
        from jsft_tui.services.serving.inputs import DeployInputs

        inputs = DeployInputs(self.account, self.endpoints, self.quotas, self.hosting_prices)
        refused = writing_refused(self.target, "nothing is deployed")
        return Deploying(self.account, self.catalog, inputs, refused, flags=self.flags)

    @cached_property
    def transforming(self) -> Transforming:
        """Batch transforms."""
        from jsft_tui.core.account.read_only import writing_refused
        from jsft_tui.services.serving.transforming import Transforming

        return Transforming(self.account, self.deploying, writing_refused(self.target, "nothing is created or deleted"))

    @cached_property
    def known_endpoints(self) -> KnownEndpoints:
        """The endpoints that were there when somebody last looked."""
        from jsft_tui.services.serving.known import KnownEndpoints

        return KnownEndpoints(own_file(self._paths.cache / "endpoints", self.target), self.flags)

    @cached_property
    def endpoint_facts(self) -> EndpointFacts:
        """Calls and logs of endpoints."""
        from jsft_tui.services.serving.facts import EndpointFacts

        return EndpointFacts(self.account)

    @cached_property
    def trying(self) -> Trying:
        """Trying endpoints."""
        from jsft_tui.services.serving.trying import Trying

        return Trying(self.account, self.catalog, self.endpoints)

    @cached_property
    def summaries(self) -> JobSummaries:
        """Summaries of jobs in a few lines."""
        from jsft_tui.services.jobs.clone import batch_in, changed_in
        from jsft_tui.services.jobs.summary import JobSummaries

        of = self.reruns.of
        return JobSummaries(self.jobs, self.prices, lambda job: changed_in(*of(job)), lambda job: batch_in(*of(job)))

    @cached_property
    def job_list(self) -> JobListStore:
        """The list of jobs, kept current."""
        from jsft_tui.services.jobs.listed.job_list import JobListStore
        from jsft_tui.services.jobs.listed.objective_curves import JobCurves
        from jsft_tui.services.tuning.search_list import SearchList

        is_local = self.target.endpoint is not None
        # A sandbox keeps every value, CloudWatch one a minute.
        curves = JobCurves(self.account.metrics, self._cache / "curves.json", shortest=1 if is_local else 60)
        job_list = JobListStore(
            self.account.training, is_local=is_local, curves=curves, priced=self._priced, on_refresh=self._remember
        )
        job_list.add_searches(SearchList(self.account.tuning))
        return job_list

    def _remember(self, state: JobListState) -> None:
        """Keep what the job list knows for other processes and for the next start; what runs takes up quotas."""
        self.running_jobs.learn(state)
        self.quotas.notice(job.name for job in state.running)
        self.last_open.mark()

    @cached_property
    def running_jobs(self) -> RunningJobs:
        """The running jobs, shared with other processes."""
        from jsft_tui.services.jobs.listed.running_jobs import RunningJobs

        file = own_file(self._paths.running, self.target)
        return RunningJobs(self.account, self.prices.table, file, flags=self.flags)

    @cached_property
    def last_open(self) -> LastOpen:
        """When this target was last looked at, before this jsft was opened."""
        from jsft_tui.services.jobs.last_open import LastOpen

        return LastOpen(own_file(self._paths.state / "last-open", self.target))

    @property
    def finish_hook(self) -> FinishHook:
        """The person's command at the end of a job."""
        from jsft_tui.services.jobs.finish_hook import FinishHook

        return FinishHook(self.config.on_finish, self._paths.state / "finished")

    def compared(self, names: Sequence[str]) -> ComparedJobs:
        """Jobs to be compared."""
        from jsft_tui.services.jobs.compare import ComparedJobs

        return ComparedJobs(self.jobs, self.account.logs, names)

    @cached_property
    def followers(self) -> JobFollowers:
        """Following jobs."""
        from jsft_tui.services.background.polling import LOCAL, REMOTE
        from jsft_tui.services.jobs.follow import JobFollowers

        cadence = LOCAL if self.target.endpoint else REMOTE
        return JobFollowers(self.account.training, self.account.logs, cadence, priced=self._priced)

    @cached_property
    def defaults(self) -> Defaults:
        """Role, output and so on for runs that do not say."""
        from jsft_tui.services.settings.defaults import load_defaults

        return load_defaults(self.config, self.account).over(self._base)

    def adopt(self, config: Config) -> None:
        """Other settings: what they give to runs is looked up anew."""
        self.config = config
        for name in ("defaults", "launch"):
            self.__dict__.pop(name, None)
