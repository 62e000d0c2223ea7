"""The run file: a `Run` as strict YAML. Every error is found at once; an unknown key names the nearest known one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from jsft_tui.core.catalog.hyperparameter import Scalar, as_text
from jsft_tui.core.common.durations import format_duration, parse_duration
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.strict_yaml import StrictYamlError, read_yaml, write_yaml
from jsft_tui.core.common.text import clean, did_you_mean, fit
from jsft_tui.core.run.run import DEFAULT_DATA, InstanceChoice, KmsKeys, ModelChoice, Run, Vpc

VERSION = 1
"""The version of the format that this program writes and reads."""

T = TypeVar("T")

_TOP = (
    "version",
    "name",
    "model",
    "data",
    "output",
    "instance",
    "hyperparameters",
    "role",
    "vpc",
    "kms",
    "tags",
    "environment",
    "encrypt_traffic",
    "network_isolation",
    "volume_gb",
    "checkpoint",
    "max_cost_usd",
    "accept_eula",
)


def parse_run(text: str) -> Run:
    """Read a run file.

    Raises:
        Problem: it cannot be read, with all reasons (code `BadRunFile`).
    """
    try:
        data = read_yaml(text)
    except StrictYamlError as error:
        raise usage("BadRunFile", f"the run file cannot be read: {error}", _MAKE_ONE) from error
    if not isinstance(data, Mapping):
        raise usage("BadRunFile", "the run file is not a mapping of keys to values.", _MAKE_ONE)
    reader = _Reader()
    run = reader.run(data)
    if reader.errors or run is None:
        shown = reader.errors[:_MOST_ERRORS]
        if len(reader.errors) > len(shown):
            shown.append(f"and {len(reader.errors) - len(shown)} more")
        raise usage("BadRunFile", f"the run file is wrong: {'; '.join(shown)}.", "Mend it and try again.")
    return run


_MOST_ERRORS = 20
_LONGEST_SHOWN = 60
_MAKE_ONE = "Make one with: jsft plan MODEL -o run.yaml"


class _Reader:
    """Reads values by type and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def run(self, data: Mapping[Any, Any]) -> Run | None:
        self._known(data, _TOP, "")
        version = data.get("version", VERSION)
        if isinstance(version, bool) or version != VERSION:
            self.errors.append(f"version is {_shown(version)}; this program reads version {VERSION}")
        fields: dict[str, Any] = {
            "name": self._needed(data, "name", "", self._word),
            "model": self._needed(data, "model", "", self._model),
            "instance": self._needed(data, "instance", "", self._instance),
            "output": self._optional(data, "output", "", self._word) or "",
            "data": self._data(data.get("data", DEFAULT_DATA)),
            "hyperparameters": self._scalars(data, "hyperparameters", as_text),
            "role": self._optional(data, "role", "", self._word),
            "vpc": self._optional(data, "vpc", "", self._vpc),
            "kms": self._optional(data, "kms", "", self._kms) or KmsKeys(),
            "tags": self._scalars(data, "tags", _plain_text),
            "environment": self._scalars(data, "environment", _plain_text),
            "encrypt_traffic": self._optional(data, "encrypt_traffic", "", self._flag),
            "network_isolation": self._optional(data, "network_isolation", "", self._flag),
            "volume_gb": self._optional(data, "volume_gb", "", self._count),
            "checkpoint": self._optional(data, "checkpoint", "", self._word),
            "max_cost_usd": self._optional(data, "max_cost_usd", "", self._amount),
            "accept_eula": self._optional(data, "accept_eula", "", self._flag) or False,
        }
        return None if self.errors else Run(**fields)

    # -- sections

    def _model(self, value: Any, at: str) -> ModelChoice | None:
        if isinstance(value, str):  # `model: some-id` is plain enough to be meant
            return ModelChoice(value)
        section = self._section(value, at, ("id", "version", "artifact"))
        if section is None:
            return None
        return ModelChoice(
            self._needed(section, "id", at, self._word) or "",
            self._optional(section, "version", at, self._word) or "*",
            self._optional(section, "artifact", at, self._word),
        )

    def _instance(self, value: Any, at: str) -> InstanceChoice | None:
        section = self._section(value, at, ("type", "count", "spot", "max_runtime", "max_wait", "keep_alive"))
        if section is None:
            return None
        default = InstanceChoice("")
        return InstanceChoice(
            type=self._needed(section, "type", at, self._word) or "",
            count=self._optional(section, "count", at, self._count) or default.count,
            spot=self._optional(section, "spot", at, self._flag) or default.spot,
            max_runtime=self._optional(section, "max_runtime", at, self._duration) or default.max_runtime,
            max_wait=self._optional(section, "max_wait", at, self._duration),
            keep_alive=self._optional(section, "keep_alive", at, self._duration),
        )

    def _vpc(self, value: Any, at: str) -> Vpc | None:
        section = self._section(value, at, ("subnets", "security_group_ids"))
        if section is None:
            return None
        subnets = self._needed(section, "subnets", at, self._words)
        groups = self._needed(section, "security_group_ids", at, self._words)
        return Vpc(subnets or (), groups or ())

    def _kms(self, value: Any, at: str) -> KmsKeys | None:
        section = self._section(value, at, ("volume", "output"))
        if section is None:
            return None
        return KmsKeys(
            self._optional(section, "volume", at, self._word), self._optional(section, "output", at, self._word)
        )

    def _data(self, value: Any) -> dict[str, str]:
        if value is None:
            self.errors.append("data is empty; write `data: default` for the model's default dataset")
            return {}
        if value == DEFAULT_DATA:
            return {}
        if isinstance(value, str):
            uri = self._word(value, "data")
            return {"training": uri} if uri else {}
        if not isinstance(value, Mapping):
            self.errors.append("data must be `default`, an S3 URI, or channels like {training: s3://bucket/prefix/}")
            return {}
        if not value:
            self.errors.append("data names no channel; write `data: default` for the model's default dataset")
        channels = {str(name): self._word(uri, f"data.{_key(name)}") for name, uri in value.items()}
        return {name: uri for name, uri in channels.items() if uri is not None}

    def _scalars(self, data: Mapping[Any, Any], key: str, text_of: Callable[[Scalar], str]) -> dict[str, str]:
        section = data.get(key)
        if section is None:
            return {}
        if not isinstance(section, Mapping):
            self.errors.append(f"{key} must be a mapping of names to values")
            return {}
        found = {}
        for name, value in section.items():
            if isinstance(value, (Mapping, list)):
                self.errors.append(f"{key}.{_key(name)} must be a single value, not {_shown(value)}")
            else:
                found[text_of(name)] = text_of(value)
        return found

    # -- values

    def _section(self, value: Any, at: str, known: tuple[str, ...]) -> Mapping[Any, Any] | None:
        if not isinstance(value, Mapping):
            self.errors.append(f"{at} must hold {', '.join(known)}")
            return None
        self._known(value, known, at)
        return value

    def _known(self, section: Mapping[Any, Any], known: tuple[str, ...], at: str) -> None:
        unknown = [_key(key) for key in section if key not in known]
        for key in unknown[:_MOST_ERRORS]:
            hint = did_you_mean(key, known).rstrip("?") or f"Known: {', '.join(known)}"
            self.errors.append(f"unknown key {_path(at, key)!r} ({hint[0].lower()}{hint[1:]})")
        self.errors.extend(f"unknown key {_path(at, key)!r}" for key in unknown[_MOST_ERRORS:])

    def _needed(self, section: Mapping[Any, Any], key: str, at: str, read: Callable[[Any, str], T | None]) -> T | None:
        if section.get(key) is None:
            self.errors.append(f"{_path(at, key)} is missing")
            return None
        return read(section[key], _path(at, key))

    def _optional(
        self, section: Mapping[Any, Any], key: str, at: str, read: Callable[[Any, str], T | None]
    ) -> T | None:
        return read(section[key], _path(at, key)) if section.get(key) is not None else None

    def _word(self, value: Any, at: str) -> str | None:
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            word = str(value).strip()
            if not word:
                self.errors.append(f"{at} is empty")
            return word or None
        # A fraction would not come back as it was written: version 2.10 would be 2.1.
        quotes = "; write it in quotes" if isinstance(value, (bool, float)) else ""
        self.errors.append(f"{at} must be text, not {_shown(value)}{quotes}")
        return None

    def _words(self, value: Any, at: str) -> tuple[str, ...] | None:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) for word in value):
            self.errors.append(f"{at} must be a list of names")
            return None
        return tuple(value)

    def _flag(self, value: Any, at: str) -> bool | None:
        if isinstance(value, bool):
            return value
        self.errors.append(f"{at} must be true or false, not {_shown(value)}")
        return None

    def _count(self, value: Any, at: str) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        self.errors.append(f"{at} must be a whole number of at least 1, not {_shown(value)}")
        return None

    def _amount(self, value: Any, at: str) -> float | None:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < float("inf"):
            return float(value)
        self.errors.append(f"{at} must be an amount of USD, not {_shown(value)}")
        return None

    def _duration(self, value: Any, at: str) -> int | None:
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            self.errors.append(f"{at} must be a span of time like 6h, 90m or 1h30m, not {_shown(value)}")
            return None
        try:
            return parse_duration(value)
        except ValueError as error:
            self.errors.append(f"{at}: {error}")
            return None


def _path(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def _key(key: Scalar) -> str:
    return fit(clean(str(key)), _LONGEST_SHOWN)


def _shown(value: Any) -> str:
    """A value in a message: short, whatever it is."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else fit(repr(value), _LONGEST_SHOWN)


def _plain_text(value: Scalar) -> str:
    """A tag or an environment variable as it was written."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def dump_run(run: Run) -> str:
    """The run as a run file; `parse_run` gives the same run back."""
    return "".join(_dump_section(key, value) for key, value in run_document(run).items())


_SHORT_SECTIONS = ("model", "data", "instance", "kms")


def _dump_section(key: str, value: Any) -> str:
    """A key of the run file: short sections on one line, long ones a line for each value."""
    if key in _SHORT_SECTIONS and isinstance(value, Mapping):
        return f"{key}: {write_yaml(value, flow=True)}"
    return write_yaml({key: value}, flow=False)


def run_document(run: Run) -> dict[str, Any]:
    """The run as plain values, as the run file has them."""
    instance = run.instance
    document: dict[str, Any] = {
        "version": VERSION,
        "name": run.name,
        "model": _without_none(
            {"id": run.model.id, "version": run.model.version, "artifact": run.model.artifact},
        ),
        "data": dict(run.data) or DEFAULT_DATA,
        "output": run.output,
        "instance": _without_none(
            {
                "type": instance.type,
                "count": instance.count,
                "spot": instance.spot,
                "max_runtime": format_duration(instance.max_runtime),
                "max_wait": format_duration(instance.max_wait) if instance.max_wait else None,
                "keep_alive": format_duration(instance.keep_alive) if instance.keep_alive else None,
            }
        ),
        "hyperparameters": {name: _typed(value) for name, value in run.hyperparameters.items()},
        "role": run.role,
        "vpc": run.vpc and {"subnets": list(run.vpc.subnets), "security_group_ids": list(run.vpc.security_group_ids)},
        "kms": _without_none({"volume": run.kms.volume, "output": run.kms.output}) or None,
        "tags": dict(run.tags) or None,
        "environment": dict(run.environment) or None,
        "encrypt_traffic": run.encrypt_traffic,
        "network_isolation": run.network_isolation,
        "volume_gb": run.volume_gb,
        "checkpoint": run.checkpoint,
        "max_cost_usd": run.max_cost_usd,
        "accept_eula": run.accept_eula,
    }
    return _without_none(document)


def _typed(text: str) -> Any:
    """A value as YAML would have it (`10` instead of `'10'`), when reading it back gives the same text."""
    try:
        value = read_yaml(text)
    except StrictYamlError:
        return text
    plain = isinstance(value, (bool, int, float)) and as_text(value) == text
    return value if plain else text


def _without_none(section: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in section.items() if value is not None}
