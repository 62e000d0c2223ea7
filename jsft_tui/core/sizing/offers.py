"""The instance types that a run may choose from: hardware, price, quota, batch and notes, one offer a type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.text import dollars
from jsft_tui.core.hyperparameters.batch import BatchPlan
from jsft_tui.core.hyperparameters.values import batch_plan, with_default_hyperparameters
from jsft_tui.core.instances.types import InstanceType, instance_type, instance_types, unknown_type
from jsft_tui.core.run.draft import EMPTY
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.hardware_words import gpu_words
from jsft_tui.core.sizing.pricing import PRICE_LIST, Price

NOT_IN_SPEC = "not in the model's spec"
NOT_SOLD = "not in the price list"


class QuotaState(Enum):
    """Whether the account's quota lets a run start on a type."""

    FREE = "free"
    SHORT = "short"
    """Running jobs use so much of it that the run does not fit."""
    ZERO = "zero"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Supply:
    """What is known of a region and an account, by instance type; None: not known.

    Attributes:
        prices: on demand; a type that is absent has no known price.
        quotas: instances that may run at once, on demand or spot as the run is.
        in_use: instances of that kind that running jobs hold; a type that is absent has none.
    """

    prices: Mapping[str, Price] | None = None
    quotas: Mapping[str, float] | None = None
    in_use: Mapping[str, int] | None = None


@dataclass(frozen=True)
class InstanceOffer:
    """One instance type as a choice for a run.

    Attributes:
        hardware: what it is.
        is_known: whether this version knows its hardware.
        price: on demand, for one instance; None: unknown, never zero.
        is_sold: False when the region's own price list does not have it; None when there is no such list.
        quota: instances that may run at once; None: unknown.
        in_use: instances of it that running jobs hold; None: unknown.
        wanted: instances that the run needs.
        supported: whether the model's spec lists it; None without a model.
        batch: the batch size on it; None where the model has none, or nothing is known to derive it from.
    """

    hardware: InstanceType
    is_known: bool = True
    price: Price | None = None
    is_sold: bool | None = None
    quota: float | None = None
    in_use: int | None = None
    wanted: int = 1
    supported: bool | None = None
    batch: BatchPlan | None = None

    @property
    def name(self) -> str:
        """The type's name."""
        return self.hardware.name

    @property
    def accelerator(self) -> str:
        """The model of the GPU or other accelerator; `-` for none."""
        return self.hardware.gpu_model or ("Trainium" if self.hardware.neuron_devices else "-")

    @property
    def gpu_text(self) -> str:
        """GPUs and the memory of one: `4 × T4 16 GB`; `CPU` without; `?` when unknown."""
        return gpu_words(self.hardware) if self.is_known else "?"

    @property
    def quota_state(self) -> QuotaState:
        """Whether quota is available for the requested number of instances."""
        if self.quota is None:
            return QuotaState.UNKNOWN
        if self.quota < 1:
            return QuotaState.ZERO
        return QuotaState.SHORT if self.quota - (self.in_use or 0) < self.wanted else QuotaState.FREE

    @property
    def price_text(self) -> str:
        """USD an hour of one instance, without its sign; `?` when unknown."""
        return dollars(self.price.usd_per_hour).removeprefix("$") if self.price else "?"

    @property
    def quota_text(self) -> str:
        """`used/limit`, a `?` for what is unknown."""
        used = "?" if self.in_use is None else str(self.in_use)
        return "?" if self.quota is None else f"{used}/{self.quota:g}"

    @property
    def batch_text(self) -> str:
        """The batch size; `-` when there is none."""
        return str(self.batch.value) if self.batch else "-"

    @property
    def hardware_texts(self) -> tuple[str, str, str, str]:
        """GPUs, memory of one GPU, vCPUs and RAM; memory in GiB."""
        if not self.is_known:
            return "?", "?", "?", "?"
        hardware = self.hardware
        each = hardware.gpu_memory_gib
        return (
            str(hardware.gpus),
            f"{each:g}" if each else "?" if hardware.gpus else "-",
            str(hardware.vcpus),
            f"{hardware.memory_gib:g}",
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for choosing, the most important first."""
        notes = []
        if self.supported is False:
            notes.append(NOT_IN_SPEC)
        if not self.is_known:
            notes.append("hardware unknown")
        if self.quota_state is QuotaState.ZERO:
            notes.append("no quota")
        elif self.quota_state is QuotaState.SHORT:
            notes.append(self._short_of_quota)
        if self.is_sold is False:
            notes.append(NOT_SOLD)
        return (*notes, *self.hardware.notes)

    @property
    def _short_of_quota(self) -> str:
        free = max(0.0, (self.quota or 0) - (self.in_use or 0))
        return f"quota: {free:g} free, {self.wanted} needed" if free else "quota used up"


def types_of(spec: ModelSpec | None) -> list[InstanceType]:
    """Return the types that a model supports, in its spec's order; all known types without a model."""
    if spec is None:
        return list(instance_types().values())
    return [instance_type(name) or unknown_type(name) for name in spec.instance_types]


def all_types(spec: ModelSpec | None) -> list[InstanceType]:
    """Return the types that a model supports, then all others that this version knows."""
    listed = types_of(spec)
    names = {found.name for found in listed}
    return [*listed, *(found for found in instance_types().values() if found.name not in names)]


def offers(
    types: Iterable[InstanceType], spec: ModelSpec | None, supply: Supply, run: Run | None = None
) -> list[InstanceOffer]:
    """Return an offer for each type.

    Args:
        types: see `types_of` and `all_types`.
        spec: the model; None when none is chosen.
        supply: prices and quotas.
        run: whose hyperparameters and count hold; without one, one instance and the model's defaults.
    """
    draft = run if run is not None else with_default_hyperparameters(EMPTY, spec) if spec else EMPTY
    listed = frozenset(spec.instance_types) if spec else frozenset()
    has_list = any(price.source == PRICE_LIST for price in (supply.prices or {}).values())
    found = []
    for hardware in types:
        name = hardware.name
        price = (supply.prices or {}).get(name)
        is_known = instance_type(name) is not None
        batch = batch_plan(draft, spec, name)
        found.append(
            InstanceOffer(
                hardware,
                is_known,
                price,
                is_sold=price is not None if has_list else None,
                quota=supply.quotas.get(name) if supply.quotas is not None else None,
                in_use=supply.in_use.get(name, 0) if supply.in_use is not None else None,
                wanted=draft.instance.count,
                supported=name in listed if spec else None,
                batch=batch if batch and (is_known or batch.held) else None,
            )
        )
    return found


class Order(Enum):
    """What a table of offers is sorted by."""

    PRICE = "price"
    GPUS = "GPUs"
    GPU_MEMORY = "GPU memory"
    NAME = "name"

    @property
    def next(self) -> Order:
        """The next order; the first follows the last."""
        every = list(Order)
        return every[(every.index(self) + 1) % len(every)]


def ordered(found: Iterable[InstanceOffer], order: Order) -> list[InstanceOffer]:
    """Sort the offers; unknown values come last, and of equal offers the cheaper one first."""

    def name(offer: InstanceOffer) -> tuple[str, int, str]:
        return offer.hardware.family, offer.hardware.vcpus, offer.name

    def price(offer: InstanceOffer) -> tuple[float, tuple[str, int, str]]:
        return offer.price.usd_per_hour if offer.price else float("inf"), name(offer)

    match order:
        case Order.PRICE:
            return sorted(found, key=price)
        case Order.GPUS:
            return sorted(found, key=lambda offer: (not offer.is_known, offer.hardware.gpus, price(offer)))
        case Order.GPU_MEMORY:
            return sorted(found, key=lambda offer: (-(offer.hardware.gpu_memory_gib or 0), price(offer)))
        case Order.NAME:
            return sorted(found, key=name)


def gpu_counts(found: Iterable[InstanceOffer]) -> tuple[int, ...]:
    """Return the distinct numbers of GPUs, in ascending order."""
    return tuple(sorted({offer.hardware.gpus for offer in found if offer.is_known}))
