"""Explain known failure texts of SageMaker: what happened, and what to do about it."""

from jsft_tui.core.failures.diagnosis import Diagnosis
from jsft_tui.core.failures.matching import diagnose

__all__ = ["Diagnosis", "diagnose"]
