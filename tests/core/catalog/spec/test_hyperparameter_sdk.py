"""Our validation against the SageMaker SDK's own: every hyperparameter of every real spec, and synthetic ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from jsft_tui.core.catalog.spec.hyperparameter import MAX_VALUE_LENGTH, HyperparameterSpec
from tests.common.effort import PATIENCE
from tests.common.shared_data import needs_shared_data, spec_files

# Reads [[declaration, value], ...] on stdin; writes for each whether the SDK lets the value pass.
SDK_VALIDATOR = """
import json, sys
from sagemaker.core.jumpstart.exceptions import JumpStartHyperparametersError
from sagemaker.core.jumpstart.types import JumpStartHyperparameter
from sagemaker.core.jumpstart.validators import _validate_hyperparameter

def passes(declaration, value):
    try:
        _validate_hyperparameter(declaration["name"], value, [JumpStartHyperparameter(declaration)])
    except JumpStartHyperparametersError:
        return False
    return True

print(json.dumps([passes(*case) for case in json.load(sys.stdin)]))
"""

NASTY = (
    *("", " ", "\t", "\n", "0", "-0", "+0", "1", "+1", "-1", "--1", "+-1", "-+1", "1-", "-", "+", " 1", "1 ", "1\n"),
    *("01", "007", "1.0", "1.", ".5", "-.5", "1,5", "1e3", "1E3", "1e-3", "-1e-9", "1e400", "-1e400", "1e", "e1"),
    *("1_000", "_1", "1__0", "0x10", "0b1", "0o7", "10L", "1/2", "50%", "1 000", "1,000", "1;2"),
    *("inf", "-inf", "+inf", "Infinity", "nan", "-nan", "NaN", "null", "none", "None", "NONE"),
    *("True", "true", "TRUE", "tRuE", "False", "false", "FALSE", " True", "True ", "yes", "no", "on", "off", "t", "f"),
    *("٣", "٣٤", "-٣", "３", "Ⅳ", "²", "½", "𝟙", "①", "१.५"),  # digits of other scripts: float() takes some of them
    *("\u2212" + "1", "\u200b1", "1\u00a0", "\ufeff1", "é", "☃", "\x00", "a" * 3, "q_proj,v_proj"),
    *("9" * 30, "-" + "9" * 30, "9" * 400, "0." + "0" * 300 + "1", "0" * 2000 + "1", "x" * (MAX_VALUE_LENGTH - 2)),
)


@dataclass(frozen=True)
class Case:
    """A value for a declaration, and where the declaration comes from."""

    origin: str
    declaration: dict[str, Any]
    value: str

    def __str__(self) -> str:
        return f"{self.origin} {self.declaration['name']}={self.value[:40]!r}"


def values_for(declaration: dict[str, Any]) -> list[str]:
    """The nasty values, and those near the declaration's own default, options and bounds."""
    near = [str(declaration["default"]), f" {declaration['default']}"]
    for option in declaration.get("options") or ():
        near += [option, option.upper(), option.lower(), option.title(), f"{option} ", f" {option}", option[:-1]]
    for name in ("min", "max", "exclusive_min", "exclusive_max"):
        if (bound := declaration.get(name)) is not None:
            near += [str(bound), f"{bound}.0", f"+{bound}", str(bound - 1), str(bound + 1)]
            near += [repr(bound * (1 + 1e-12)), repr(bound * (1 - 1e-12)), f"{bound:e}"]
            near += ["x" * length for length in range(int(min(abs(bound), 40)) + 2)]
    return list(dict.fromkeys([*near, *NASTY]))


def real_declarations() -> list[tuple[str, dict[str, Any]]]:
    """Every hyperparameter of every real spec."""
    specs = [json.loads(path.read_text(encoding="utf-8")) for path in spec_files()]
    return [
        (f"{spec['model_id']} {spec['version']}", entry) for spec in specs for entry in spec.get("hyperparameters", ())
    ]


def synthetic_declarations() -> list[tuple[str, dict[str, Any]]]:
    """What the specs' format allows and the real ones at hand do not use."""
    bounds: tuple[dict[str, Any], ...] = (
        {"exclusive_min": 0},
        {"exclusive_max": 1},
        {"exclusive_min": 0, "exclusive_max": 1},
        {"min": 0, "exclusive_max": 10},
        {"exclusive_min": -1.5, "max": 2.5},
        {"min": -5, "max": -2, "exclusive_min": -4},
        {"min": None, "max": None, "options": None},
        {"min": 3, "max": 3},
        {"min": 5, "max": 2},
        {"options": ["a", "B", "None", " c "]},
    )
    return [
        ("synthetic", {"name": f"p{number}", "type": type_, "default": "1", "scope": "algorithm", **more})
        for type_ in ("int", "float", "text", "bool")
        for number, more in enumerate(bounds)
    ]


def cases_of(declarations: list[tuple[str, dict[str, Any]]]) -> list[Case]:
    return [Case(origin, entry, value) for origin, entry in declarations for value in values_for(entry)]


def one_of_each_kind(declarations: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """Return the first of the declarations that have the same type, limits and options."""
    kinds: dict[str, tuple[str, dict[str, Any]]] = {}
    for origin, entry in declarations:
        limits = {name: value for name, value in entry.items() if name not in ("name", "default", "scope")}
        kinds.setdefault(json.dumps(limits, sort_keys=True), (origin, entry))
    return list(kinds.values())


def sdk_verdicts(cases: list[Case]) -> list[tuple[Case, bool]]:
    """Return the cases with whether the SDK lets them pass: one process, because importing the SDK takes seconds."""
    answer = subprocess.run(
        [sys.executable, "-c", SDK_VALIDATOR],
        input=json.dumps([[case.declaration, case.value] for case in cases]),
        env={**os.environ, "DISABLE_JUMPSTART_LOGGING": "1"},
        capture_output=True,
        text=True,
        timeout=10 * PATIENCE,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    return list(zip(cases, json.loads(answer.stdout.splitlines()[-1]), strict=True))


def disagreements(verdicts: list[tuple[Case, bool]]) -> list[str]:
    found = []
    for case, passes in verdicts:
        error = HyperparameterSpec.parse(case.declaration).error(case.value)
        if (error is None) is not passes:
            found.append(f"{case}: the SDK {'passes' if passes else 'refuses'} it, we say {error!r}")
    return found


def test_one_hyperparameter_of_each_kind_gets_the_sdks_verdict_on_nasty_values() -> None:
    """Exclusive bounds, booleans and absent bounds among them; real ones where there are any."""
    verdicts = sdk_verdicts(cases_of(one_of_each_kind(real_declarations()) + synthetic_declarations()))

    assert {passes for _, passes in verdicts} == {True, False}
    assert disagreements(verdicts) == []


@pytest.mark.slow
@needs_shared_data
def test_every_real_hyperparameter_gets_the_sdks_verdict_on_nasty_values() -> None:
    verdicts = sdk_verdicts(cases_of(real_declarations()))

    assert len({(case.origin, case.declaration["name"]) for case, _ in verdicts}) > 300
    assert {passes for _, passes in verdicts} == {True, False}
    assert disagreements(verdicts) == []


@needs_shared_data
def test_every_default_of_a_real_spec_that_the_sdk_lets_pass_is_allowed() -> None:
    """A form that opens with errors would be ours to mend."""
    wrong = [
        f"{origin} {entry['name']}: {error}"
        for origin, entry in real_declarations()
        if (declared := HyperparameterSpec.parse(entry)).default is not None
        and (error := declared.error(declared.default_text))
    ]

    assert wrong == []
