"""What a fix does, as it is offered: the change in words, with its price."""

from __future__ import annotations

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.common.text import dollars
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.request.rerun.fix import FixedRun
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.suggest import Market


def fix_offer(fixed: FixedRun, run: Run, market: Market) -> str:
    """Return what a fix does, for example `use ml.g6.12xlarge instead: 4 × L4, $5.67/h, 0 of 2 used`.

    Args:
        fixed: the run with the fix applied.
        run: the run before it.
        market: prices, and the free quota of each type.
    """
    if fixed.run.instance.type != run.instance.type:
        return _other_type(fixed.run.instance.type, market)
    match fixed.fix.kind:
        case FixKind.ACCEPT_EULA:
            return "read and accept it"
        case FixKind.RAISE_DISK:
            return f"use a disk of {fixed.run.volume_gb} GB"
        case FixKind.DROP_VOLUME_KEY:
            return "leave out the volume key"
        case FixKind.NEW_NAME:
            return f"name it {fixed.run.name}"
        case FixKind.SWITCH_MODEL:
            return f"Switch to {shortest_model_id(fixed.run.model.id)}, which trains here"
        case _:
            return fixed.change.replace(" -> ", " → ")


def _other_type(name: str, market: Market) -> str:
    known, price = instance_type(name), market.prices.get(name)
    told = [
        f"{known.gpus} × {known.gpu_model}" if known and known.gpus else "",
        f"{dollars(price.usd_per_hour)}/h" if price else "",
        _usage(name, market),
    ]
    more = ", ".join(filter(None, told))
    return f"use {name} instead: {more}" if more else f"use {name} instead"


def _usage(name: str, market: Market) -> str:
    free, used = market.free.get(name), market.in_use.get(name)
    if free is None:
        return ""
    return f"{free:g} free" if used is None else f"{used:g} of {free + used:g} used"
