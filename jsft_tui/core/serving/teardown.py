"""What tearing down an endpoint deletes, and what it leaves because something else uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Uses = Mapping[str, tuple[str, ...]]
"""Endpoint configuration -> its models."""


CONFIG, MODEL, SCHEDULE, SCALING = "endpoint configuration", "model", "schedule", "scaling"


@dataclass(frozen=True)
class Shared:
    """A configuration or model that is kept, and what uses it: endpoints, or configurations."""

    kind: str
    name: str
    users: tuple[str, ...]


@dataclass(frozen=True)
class Teardown:
    """What is deleted, in the order of the members.

    Attributes:
        endpoint: empty where it is gone already.
        config: its configuration; empty where it is gone or shared.
        models: those that nothing else uses.
        shared: what is kept.
        scaling: the endpoint whose scaling ends, with its policies and its alarm; empty: it does not scale.
        schedule: what would delete the endpoint at the end of its lifetime; empty: there is none, or it is not known.
    """

    endpoint: str = ""
    config: str = ""
    models: tuple[str, ...] = ()
    shared: tuple[Shared, ...] = ()
    schedule: str = ""
    scaling: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to delete."""
        return not (self.endpoint or self.schedule or self.config or self.models)

    @property
    def names(self) -> list[tuple[str, str]]:
        """Return what is deleted: kind and name."""
        single = [
            ("endpoint", self.endpoint),
            (SCHEDULE, self.schedule),
            (SCALING, self.scaling),
            (CONFIG, self.config),
        ]
        return [pair for pair in (*single, *((MODEL, name) for name in self.models)) if pair[1]]


def teardown_of(name: str, endpoints: Mapping[str, str], configs: Uses, models: frozenset[str]) -> Teardown:
    """Return what goes with an endpoint.

    What an interrupted deploy or teardown left has the name of the endpoint: it goes, too, unless something uses it.

    Args:
        name: of the endpoint.
        endpoints: all of the region -> their configurations.
        configs: all of the region.
        models: all of the region.
    """
    config = endpoints.get(name, name)
    others = tuple(sorted(each for each, used in endpoints.items() if used == config and each != name))
    is_kept = config in configs and bool(others)
    shared = [Shared(CONFIG, config, others)] if is_kept else []
    wanted = dict.fromkeys(configs.get(config, ()))
    if name in models:
        wanted[name] = None
    deleted = []
    for model in wanted:
        # A configuration that is kept keeps its models.
        users = [each for each, used in configs.items() if model in used and (each != config or is_kept)]
        if users:
            shared.append(Shared(MODEL, model, tuple(sorted(users))))
        elif model in models:
            deleted.append(model)
    gone = config if config in configs and not is_kept else ""
    return Teardown(name if name in endpoints else "", gone, tuple(deleted), tuple(shared))


def teardown_of_leftover(
    kind: str, name: str, endpoints: Mapping[str, str], configs: Uses, models: frozenset[str]
) -> Teardown:
    """Return what goes with a configuration or a model that was left behind; never an endpoint, whatever its name.

    A configuration takes its models with it, but for those of other configurations. A model that a configuration names
    stays: without it the configuration is worth nothing.

    Args:
        kind: `CONFIG` or `MODEL`.
        name: of the configuration or model.
        endpoints: all of the region -> their configurations.
        configs: all of the region.
        models: all of the region.
    """
    if kind == CONFIG:
        users = tuple(sorted(each for each, used in endpoints.items() if used == name))
        if users:
            return Teardown(shared=(Shared(CONFIG, name, users),))
        wanted, deleted_config = configs.get(name, ()), name if name in configs else ""
    else:
        wanted, deleted_config = (name,), ""
    deleted, shared = [], []
    for model in dict.fromkeys(wanted):
        others = tuple(sorted(each for each, used in configs.items() if model in used and each != deleted_config))
        if others:
            shared.append(Shared(MODEL, model, others))
        elif model in models:
            deleted.append(model)
    return Teardown(config=deleted_config, models=tuple(deleted), shared=tuple(shared))


@dataclass(frozen=True)
class Leftovers:
    """What no endpoint uses: configurations, and models that are in no configuration of an endpoint."""

    configs: tuple[str, ...] = ()
    models: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was left behind."""
        return not (self.configs or self.models)


def leftovers(endpoints: Mapping[str, str], configs: Uses, models: frozenset[str]) -> Leftovers:
    """Return what no endpoint uses; arguments are those of `teardown_of`. A batch transform job may use a model."""
    used = set(endpoints.values())
    serving = {model for config in used for model in configs.get(config, ())}
    return Leftovers(tuple(sorted(set(configs) - used)), tuple(sorted(models - serving)))
