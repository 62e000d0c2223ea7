"""What the checks tell of the value of a setting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.run.settings.settings import Setting

_CHECKS: Mapping[Setting, tuple[str, ...]] = {
    Setting.ROLE: ("role", "role_access"),
    Setting.OUTPUT: ("output_region",),
    Setting.SUBNETS: ("vpc",),
    Setting.SECURITY_GROUPS: ("vpc",),
    Setting.VOLUME_KEY: ("kms",),
    Setting.OUTPUT_KEY: ("kms",),
    Setting.PACKAGE_GROUP: ("package_group",),
    Setting.SOURCE_PACKAGE: ("source_model",),
    Setting.MLFLOW_APP: ("mlflow",),
    Setting.EVALUATOR: ("reward",),
    Setting.JUDGE_MODEL: ("reward",),
    Setting.MAX_COST: ("cost", "serverless_cost"),
}
"""The preflight checks that tell whether the value of a setting is any good."""


def findings_about(setting: Setting, findings: Iterable[Finding]) -> list[Finding]:
    """Return what a preflight found about the value of a setting."""
    names = _CHECKS.get(setting, ())
    return [found for found in findings if found.check in names and not found.told.is_silent]


def is_checked(setting: Setting) -> bool:
    """Return whether a preflight tells anything about a setting."""
    return setting in _CHECKS
