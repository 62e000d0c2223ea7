"""Go on from a former search."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.core.run.run import Run
from jsft_tui.core.run.tuning import Tuning, WarmStart, WarmStartKind


def warm_started(run: Run, former: str) -> Run:
    """Return a search that learns from a former one with the same model and data; its own parents are left out.

    Warm starts are not recursive: what the parents of the former search found is not used (developer guide,
    automatic-model-tuning-warm-start), so they would have to be named as well.
    """
    warm = WarmStart((former,), WarmStartKind.IDENTICAL)
    return replace(run, tuning=replace(run.tuning or Tuning(), warm_start=warm))
