"""jsft's own settings (`config.yaml`): typed and strict."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from jsft_tui.core.common.errors import usage
from jsft_tui.given_files import read_given_text

THEMES = ("auto", "dark", "light", "high-contrast", "16")
PROGRESS = ("auto", "on", "off")


@dataclass(frozen=True)
class Config:
    """The user's settings. None means: not set here."""

    profile: str | None = None
    """AWS profile to use when none is named."""
    region: str | None = None
    """AWS region to use when none is named."""
    sandbox: bool = False
    """Go to the sandbox instead of AWS when nothing is named."""
    role: str | None = None
    """ARN of the execution role."""
    output: str | None = None
    """S3 URI that models are written under."""
    volume_kms_key: str | None = None
    """KMS key id or ARN for the disks of the instances."""
    output_kms_key: str | None = None
    """KMS key id, alias or ARN for the models in S3."""
    subnets: tuple[str, ...] = ()
    """Subnets of the VPC to train in."""
    security_group_ids: tuple[str, ...] = ()
    """Security groups of the VPC to train in."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of every job."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Environment variables of every job's container."""
    encrypt_traffic: bool | None = None
    """Whether instances encrypt what they send one another; what the model's spec says when not set."""
    network_isolation: bool | None = None
    """Whether the container has no network; what the model's spec says when not set."""
    model_package_group: str | None = None
    """Name or ARN of the model package group of customizations."""
    mlflow_app: str | None = None
    """ARN of the MLflow app of customizations."""
    scheduler_role: str | None = None
    """ARN of the role with which EventBridge Scheduler deletes endpoints at the end of their lifetime."""
    max_cost_usd: float | None = None
    """A run that could cost more is refused."""
    confirm_above_usd: float = 50.0
    """A run that could cost more asks for a typed confirmation."""
    theme: str = THEMES[0]
    """Colors of the full-screen interface: auto (the terminal's background), dark, light, high-contrast or 16."""
    ascii: bool | None = None
    """Whether the full-screen interface draws in ASCII; where the locale is not UTF-8 unless this says so."""
    mouse: bool | None = None
    """Whether the full-screen interface takes the mouse; not over SSH unless this says so."""
    notify: bool = True
    """Whether the terminal rings and shows a notification when a job ends or needs a look."""
    progress: str = PROGRESS[0]
    """Whether the terminal's tab shows the progress of a job: auto (where it is known to), on or off."""
    on_finish: str | None = None
    """Command to run when a job has ended, without a shell; see `services.finish_hook`."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Action -> its keys in the full-screen interface, for example `launch: ctrl+y`."""


def load_config(path: Path, *, required: bool = False) -> Config:
    """Read the settings; without a file, the defaults.

    Args:
        path: the file.
        required: whether the user named it, so that it has to be there.

    Raises:
        Problem: it cannot be read, or holds what it should not (code `BadConfig`).
    """
    try:
        text = read_given_text(path)
    except FileNotFoundError:
        if required:
            raise usage("BadConfig", f"there is no file {path}.", "Check --config.") from None
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise usage("BadConfig", f"{path} cannot be read: {error}.", "Check its permissions.") from error
    return read_config(text, path)


def read_config(text: str, path: Path) -> Config:
    """Parse the settings in the text of a file.

    Args:
        text: YAML.
        path: the file's, for what is said of it.

    Raises:
        Problem: it holds what it should not (code `BadConfig`).
    """
    # Who has no settings, as most have when they begin, needs no YAML either.
    from jsft_tui.core.common.strict_yaml import StrictYamlError, read_yaml

    try:
        data = read_yaml(text)
    except StrictYamlError as error:
        raise usage("BadConfig", f"{path} cannot be read: {error}", "Mend it.") from error
    return _read(data if data is not None else {}, path)


def _read(data: Any, path: Path) -> Config:
    if not isinstance(data, Mapping):
        raise usage("BadConfig", f"{path} is not a mapping of settings to values.", "Mend it.")
    known = {setting.name: setting.type for setting in fields(Config)}
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            from jsft_tui.core.common.text import did_you_mean

            hint = did_you_mean(str(key), known) or f"Known: {', '.join(known)}."
            raise usage("BadConfig", f"{path}: unknown setting {str(key)!r}.", hint)
        if value is not None:
            values[key] = _typed(str(key), str(known[key]), value, path)
    if values.get("theme", THEMES[0]) not in THEMES:
        raise usage("BadConfig", f"{path}: there is no theme {values['theme']!r}.", f"Known: {', '.join(THEMES)}.")
    if values.get("progress", PROGRESS[0]) not in PROGRESS:
        known_values = ", ".join(PROGRESS)
        raise usage("BadConfig", f"{path}: progress is not {values['progress']!r}.", f"Known: {known_values}.")
    return Config(**values)


def _typed(key: str, kind: str, value: Any, path: Path) -> Any:
    if kind.startswith("bool") and isinstance(value, bool):
        return value
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf
    if kind.startswith("float") and number:
        return float(value)
    if kind.startswith("str") and isinstance(value, str):
        return value
    if kind.startswith("tuple") and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if kind.startswith("Mapping") and isinstance(value, Mapping) and not any(_is_nested(v) for v in value.values()):
        return {str(name): str(item) for name, item in value.items()}
    words = {"b": "true or false", "f": "an amount", "s": "text", "t": "a list of names", "M": "a mapping"}
    raise usage("BadConfig", f"{path}: {key} must be {words[kind[0]]}, not {value!r}.", "Mend it.")


def _is_nested(value: Any) -> bool:
    return isinstance(value, (Mapping, list, tuple))
