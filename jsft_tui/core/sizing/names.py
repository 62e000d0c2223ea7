"""Names of instance types as typed by users."""

from __future__ import annotations

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import nearest
from jsft_tui.core.instances.types import instance_types


def known_types(spec: ModelSpec) -> set[str]:
    """Return the types that this version knows, and those that a model lists, which may be newer."""
    return {*instance_types(), *spec.instance_types}


def meant_type(name: str, spec: ModelSpec) -> str:
    """Suggest the known type most similar to an unknown name; return an empty text without one."""
    known = known_types(spec)
    near = nearest(name, known, 1) if name not in known else []
    return f"Did you mean {near[0]}?" if near else ""


def refuse_unknown_type(name: str, spec: ModelSpec) -> None:
    """See that there is an instance type, before a file is made that names it.

    Raises:
        Problem: neither this version nor the model knows it (code `UnknownInstanceType`).
    """
    if name in known_types(spec):
        return
    remedy = meant_type(name, spec) or Remedy("Choose one", RemedyCommand.INSTANCES_OF, spec.model_id)
    raise usage("UnknownInstanceType", f"there is no instance type {name!r} that this version knows.", remedy)
