"""What a preflight check is: a name, the facts it needs, and a judgement over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from jsft_tui.core.account.identity import Identity, RoleFacts, TokenFacts
from jsft_tui.core.account.kms import KeyFacts
from jsft_tui.core.account.network import NetworkFacts
from jsft_tui.core.account.permissions import Permissions
from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.fixes import Fix
from jsft_tui.core.datasets.base.reader import LintReport
from jsft_tui.core.request.build import Place
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.disk import SizeFacts
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.storage.bucket import BucketFacts


class Need(Enum):
    """A fact that has to be asked for. Each is asked once, whatever the number of checks that need it."""

    IDENTITY = "identity"
    ROLE = "role"
    DATA = "data"
    LINT = "lint"
    OUTPUT = "output"
    QUOTA = "quota"
    PRICES = "prices"
    NAME = "name"
    ARTIFACT = "artifact"
    CHECKPOINT = "checkpoint"
    TOKEN = "token"
    PERMISSIONS = "permissions"
    ROLE_PERMISSIONS = "role_permissions"
    SIZE = "size"
    CONTENT = "content"
    OFFERS = "offers"
    NETWORK = "network"
    KEYS = "keys"


@dataclass(frozen=True)
class DataFacts:
    """What a data channel points at.

    Attributes:
        uri: the place.
        bucket: its bucket.
        has_objects: whether any object lies under the prefix; None: not told.
        beside: what else begins with a prefix that has no slash at its end.
    """

    uri: str
    bucket: BucketFacts
    has_objects: bool | None = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuotaFacts:
    """An instance quota and what stands beside it.

    Attributes:
        name: its name.
        limit: its applied value; None: not told.
        in_use: how many instances running jobs hold; None: not told.
        code: its code in Service Quotas; empty when it is not known.
        others: further quotas that the run needs, with what each counts.
        free: types that the model supports -> instances that could be started now.
    """

    name: str
    limit: float | None
    in_use: int | None
    code: str = ""
    others: tuple[OtherQuota, ...] = ()
    free: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class OtherQuota:
    """A quota of another kind: its value, what is used of it, and how much the run needs."""

    name: str
    limit: float
    in_use: float
    wanted: float
    code: str = ""


@dataclass(frozen=True)
class NameFacts:
    """Whether a training job of the run's name exists, its status, and whether it is this very run."""

    taken: bool
    status: str = ""
    same: bool = False


@dataclass(frozen=True)
class Plan:
    """What is checked: a run, the spec of its model, and the place it would run at."""

    run: Run
    spec: ModelSpec
    place: Place
    sandbox: bool = False


class Unanswered(Exception):
    """A fact that a check needs could not be had; the check becomes unknown, whatever it is."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True)
class Facts:
    """The answers: for each need a value, or the Problem that stood in the way."""

    answers: Mapping[Need, Any] = field(default_factory=dict)

    def answer(self, need: Need) -> Any:
        """The value of a need.

        Raises:
            Unanswered: it could not be had.
        """
        value = self.answers.get(need)
        if value is None:
            raise Unanswered(Problem("NotAsked", "this was not asked."))
        if isinstance(value, Problem):
            raise Unanswered(value)
        return value

    def problem(self, need: Need) -> Problem | None:
        """The Problem that stands in for a need's value, if one does."""
        value = self.answers.get(need)
        return value if isinstance(value, Problem) else None

    @property
    def identity(self) -> Identity:
        """Who calls."""
        value: Identity = self.answer(Need.IDENTITY)
        return value

    @property
    def role(self) -> RoleFacts:
        """The execution role."""
        value: RoleFacts = self.answer(Need.ROLE)
        return value

    @property
    def data(self) -> Mapping[str, DataFacts | Problem]:
        """The data channels by name."""
        value: Mapping[str, DataFacts | Problem] = self.answer(Need.DATA)
        return value

    @property
    def lint(self) -> Mapping[str, LintReport | Problem]:
        """What the linter says of each channel."""
        value: Mapping[str, LintReport | Problem] = self.answer(Need.LINT)
        return value

    @property
    def output(self) -> BucketFacts:
        """The output bucket."""
        value: BucketFacts = self.answer(Need.OUTPUT)
        return value

    @property
    def quota(self) -> QuotaFacts:
        """The quota of the instance type."""
        value: QuotaFacts = self.answer(Need.QUOTA)
        return value

    @property
    def prices(self) -> Mapping[str, Price]:
        """Prices by instance type."""
        value: Mapping[str, Price] = self.answer(Need.PRICES)
        return value

    @property
    def artifact(self) -> DataFacts:
        """The former job's model that the run goes on from."""
        value: DataFacts = self.answer(Need.ARTIFACT)
        return value

    @property
    def checkpoint(self) -> BucketFacts:
        """The bucket that checkpoints go to."""
        value: BucketFacts = self.answer(Need.CHECKPOINT)
        return value

    @property
    def token(self) -> TokenFacts:
        """How long the credentials last."""
        value: TokenFacts = self.answer(Need.TOKEN)
        return value

    @property
    def permissions(self) -> Permissions:
        """What the caller may do of what a launch takes."""
        value: Permissions = self.answer(Need.PERMISSIONS)
        return value

    @property
    def role_permissions(self) -> Permissions:
        """What the execution role may do of what the job takes."""
        value: Permissions = self.answer(Need.ROLE_PERMISSIONS)
        return value

    @property
    def size(self) -> Mapping[str, SizeFacts | Problem]:
        """How large each data channel is."""
        value: Mapping[str, SizeFacts | Problem] = self.answer(Need.SIZE)
        return value

    @property
    def content(self) -> Mapping[str, SizeFacts | Problem]:
        """JumpStart's own channels: how large what lies there is."""
        value: Mapping[str, SizeFacts | Problem] = self.answer(Need.CONTENT)
        return value

    @property
    def offers(self) -> Mapping[str, tuple[str, ...]]:
        """Instance type -> the zones of the region that have it; the run's type and those of the model."""
        value: Mapping[str, tuple[str, ...]] = self.answer(Need.OFFERS)
        return value

    @property
    def network(self) -> NetworkFacts:
        """The run's subnets and security groups."""
        value: NetworkFacts = self.answer(Need.NETWORK)
        return value

    @property
    def keys(self) -> Mapping[str, KeyFacts | Problem]:
        """The run's KMS keys, by the setting that names them."""
        value: Mapping[str, KeyFacts | Problem] = self.answer(Need.KEYS)
        return value

    @property
    def name(self) -> NameFacts:
        """Whether the job name is free."""
        value: NameFacts = self.answer(Need.NAME)
        return value


@dataclass(frozen=True)
class Finding:
    """What a check says: how bad, one sentence, what to do about it, and the remedy that can be applied, if any."""

    check: str
    level: Level
    message: str
    remedy: str = ""
    fix: Fix | None = None


@dataclass(frozen=True)
class Judgement:
    """A finding that does not yet know which check it belongs to."""

    level: Level
    message: str
    remedy: str = ""
    fix: Fix | None = None


@dataclass(frozen=True)
class Check:
    """One preflight check.

    Attributes:
        name: its stable name in JSON.
        judge: what it says of a plan, given the facts; a pure function.
        needs: the facts that have to be asked for first; none for a check that can be made offline.
    """

    name: str
    judge: Callable[[Plan, Facts], Iterable[Judgement]]
    needs: tuple[Need, ...] = ()

    def run(self, plan: Plan, facts: Facts) -> list[Finding]:
        """The findings; one that passes when there is nothing to say."""
        judgements: list[Judgement] = []
        try:
            for judgement in self.judge(plan, facts):
                judgements.append(judgement)
        except Unanswered as unanswered:
            judgements.append(not_told(unanswered.problem))
        except Problem as problem:
            judgements.append(stop(problem.message, problem.remedy))
        said = judgements or [good("there is nothing against it.")]
        return [Finding(self.name, item.level, item.message, item.remedy, item.fix) for item in said]


def good(message: str) -> Judgement:
    """All is well."""
    return Judgement(Level.PASS, message)


def doubt(message: str, remedy: str = "", fix: Fix | None = None) -> Judgement:
    """It will run, and may not be what was meant."""
    return Judgement(Level.WARN, message, remedy, fix)


def stop(message: str, remedy: str = "", fix: Fix | None = None) -> Judgement:
    """It would be paid for in vain, or refused."""
    return Judgement(Level.BLOCK, message, remedy, fix)


def unknown(message: str, remedy: str = "") -> Judgement:
    """It could not be looked at."""
    return Judgement(Level.UNKNOWN, message, remedy)


def not_told(problem: Problem) -> Judgement:
    """A fact that a permission, a time-out or the network kept from us."""
    return unknown(f"not checked: {problem.message}", problem.remedy)
