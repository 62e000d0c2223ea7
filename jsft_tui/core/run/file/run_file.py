"""Read and write run files: a `Run` as strict YAML. All errors are reported at once, with suggestions."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from enum import Enum
from functools import partial
from typing import Any, TypeVar

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterSpec, Scalar, as_text
from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.strict_yaml import StrictYamlError, comment, read_yaml, write_yaml
from jsft_tui.core.common.text import clean
from jsft_tui.core.customization.customization import SERVERLESS, SERVERLESS_RUNTIME, Customization
from jsft_tui.core.customization.document import KEYS, TEXTS, customization_document
from jsft_tui.core.run.file.section_reader import (
    MOST_ERRORS,
    SectionReader,
    key_text,
    path_of,
    shown,
    typed,
    without_none,
)
from jsft_tui.core.run.file.tuning_section import TuningReader, dump_tuning, tuning_document
from jsft_tui.core.run.run import DEFAULT_DATA, InstanceChoice, KmsKeys, ModelChoice, Run, Vpc

VERSION = 1
"""The format version that this program writes and reads."""

E = TypeVar("E", bound=Enum)

_TOP = (
    "version",
    "name",
    "model",
    "data",
    "output",
    "customization",
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
    "tuning",
)


def parse_run(text: str) -> Run:
    """Parse a run file.

    Raises:
        Problem: it cannot be read; the message lists all errors (code `BadRunFile`).
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
        shown = reader.errors[:MOST_ERRORS]
        if len(reader.errors) > len(shown):
            shown.append(f"and {len(reader.errors) - len(shown)} more")
        raise usage("BadRunFile", f"the run file has errors: {'; '.join(shown)}.", "Fix the file and try again.")
    return run


_MAKE_ONE = "Make one with: jsft plan MODEL -o run.yaml"


class _Reader(SectionReader):
    """Reads the keys of a run."""

    def run(self, data: Mapping[Any, Any]) -> Run | None:
        self.known(data, _TOP, "")
        version = data.get("version", VERSION)
        if isinstance(version, bool) or version != VERSION:
            self.errors.append(f"version is {shown(version)}; this program reads version {VERSION}")
        fields: dict[str, Any] = {
            "name": self.required(data, "name", "", self.word),
            "model": self.required(data, "model", "", self._model),
            "instance": self.required(data, "instance", "", self._instance),
            "output": self.optional(data, "output", "", self.word) or "",
            "data": self._data(data.get("data", DEFAULT_DATA)),
            "hyperparameters": self._scalars(data, "hyperparameters", as_text),
            "role": self.optional(data, "role", "", self.word),
            "vpc": self.optional(data, "vpc", "", self._vpc),
            "kms": self.optional(data, "kms", "", self._kms) or KmsKeys(),
            "tags": self._scalars(data, "tags", _plain_text),
            "environment": self._scalars(data, "environment", _plain_text),
            "encrypt_traffic": self.optional(data, "encrypt_traffic", "", self.flag),
            "network_isolation": self.optional(data, "network_isolation", "", self.flag),
            "volume_gb": self.optional(data, "volume_gb", "", self.count),
            "checkpoint": self.optional(data, "checkpoint", "", self.word),
            "max_cost_usd": self.optional(data, "max_cost_usd", "", self.amount),
            "accept_eula": self.optional(data, "accept_eula", "", self.flag) or False,
            "customization": self.optional(data, "customization", "", self._customization),
            "tuning": self.optional(data, "tuning", "", TuningReader(self.errors).tuning),
        }
        choice = fields["instance"]
        if choice is not None and choice.is_serverless and data.get("customization") is None:
            self.errors.append("instance is serverless, which requires customization: {technique: SFT}")
        return None if self.errors else Run(**fields)

    # -- sections

    def _model(self, value: Any, at: str) -> ModelChoice | None:
        if isinstance(value, str):  # shorthand: `model: some-id`
            return ModelChoice(value)
        section = self.section(value, at, ("id", "version", "artifact"))
        if section is None:
            return None
        return ModelChoice(
            self.required(section, "id", at, self.word) or "",
            self.optional(section, "version", at, self.word) or "*",
            self.optional(section, "artifact", at, self.word),
        )

    def _customization(self, value: Any, at: str) -> Customization | None:
        section = self.section(value, at, KEYS)
        if section is None:
            return None
        technique = self.required(section, "technique", at, partial(self._member, Technique))
        adapter = self.optional(section, "adapter", at, partial(self._member, Adapter)) or Adapter.LORA
        texts = {name: self.optional(section, name, at, self.word) or "" for name in TEXTS}
        return None if technique is None else Customization(technique, adapter, **texts)

    def _member(self, kind: type[E], value: Any, at: str) -> E | None:
        found = next((each for each in kind if str(each.value).lower() == str(value).strip().lower()), None)
        if found is None:
            known = ", ".join(str(each.value) for each in kind)
            self.errors.append(f"{at} must be one of {known}, not {shown(value)}")
        return found

    def _instance(self, value: Any, at: str) -> InstanceChoice | None:
        if isinstance(value, str):  # shorthand: `instance: serverless`
            value = {"type": value}
        section = self.section(value, at, ("type", "count", "spot", "max_runtime", "max_wait", "keep_alive"))
        if section is None:
            return None
        is_serverless = section.get("type") == SERVERLESS
        if is_serverless:
            extra = [path_of(at, key_text(key)) for key in section if key not in ("type", "max_runtime")]
            self.errors.extend(f"{key} is not for serverless, where SageMaker chooses the instances" for key in extra)
        default = InstanceChoice("", max_runtime=SERVERLESS_RUNTIME) if is_serverless else InstanceChoice("")
        return InstanceChoice(
            type=self.required(section, "type", at, self.word) or "",
            count=self.optional(section, "count", at, self.count) or default.count,
            spot=self.optional(section, "spot", at, self.flag) or default.spot,
            max_runtime=self.optional(section, "max_runtime", at, self.duration) or default.max_runtime,
            max_wait=self.optional(section, "max_wait", at, self.duration),
            keep_alive=self.optional(section, "keep_alive", at, self.duration),
        )

    def _vpc(self, value: Any, at: str) -> Vpc | None:
        section = self.section(value, at, ("subnets", "security_group_ids"))
        if section is None:
            return None
        subnets = self.required(section, "subnets", at, self.words)
        groups = self.required(section, "security_group_ids", at, self.words)
        return Vpc(subnets or (), groups or ())

    def _kms(self, value: Any, at: str) -> KmsKeys | None:
        section = self.section(value, at, ("volume", "output"))
        if section is None:
            return None
        return KmsKeys(self.optional(section, "volume", at, self.word), self.optional(section, "output", at, self.word))

    def _data(self, value: Any) -> dict[str, str]:
        if value is None:
            self.errors.append("data is empty; write `data: default` for the model's default dataset")
            return {}
        if value == DEFAULT_DATA:
            return {}
        if isinstance(value, str):
            uri = self.word(value, "data")
            return {"training": uri} if uri else {}
        if not isinstance(value, Mapping):
            self.errors.append("data must be `default`, an S3 URI, or channels like {training: s3://bucket/prefix/}")
            return {}
        if not value:
            self.errors.append("data names no channel; write `data: default` for the model's default dataset")
        channels = {str(name): self.word(uri, f"data.{key_text(name)}") for name, uri in value.items()}
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
                self.errors.append(f"{key}.{key_text(name)} must be a single value, not {shown(value)}")
            else:
                found[text_of(name)] = text_of(value)
        return found


def _plain_text(value: Scalar) -> str:
    """Return a tag or an environment variable as it was written."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def dump_run(run: Run) -> str:
    """Write a run as a run file that `parse_run` reads back unchanged."""
    return "".join(_dump_section(key, value) for key, value in run_document(run).items())


_SHORT_SECTIONS = ("model", "data", "instance", "kms", "customization")


def _dump_section(key: str, value: Any) -> str:
    """Write a key of the run file: short sections on one line, long ones with a line per value."""
    if key == "tuning":
        return dump_tuning(value)
    if key in _SHORT_SECTIONS and isinstance(value, Mapping):
        return f"{key}: {write_yaml(value, flow=True)}"
    return write_yaml({key: value}, flow=False)


def commented_defaults(declared: Iterable[HyperparameterSpec], given: Container[str]) -> str:
    """Return the hyperparameters that a run does not have as comments: each is an entry once its `#` is removed."""
    others = [each for each in declared if each.name not in given]
    lines = [_commented_default(each) for each in others]
    return "".join([comment("Further hyperparameters of this model, with their defaults:"), *lines]) if lines else ""


def _commented_default(declared: HyperparameterSpec) -> str:
    entry = write_yaml({declared.name: typed(declared.default_text)}, flow=False).rstrip("\n")
    allowed = f"  # {declared.allowed}" if declared.allowed else ""
    # A name of several lines is a key of its own line (`? name`).
    return "".join(comment(f"  {line}") for line in f"{entry}{clean(allowed)}".split("\n"))


def run_document(run: Run) -> dict[str, Any]:
    """Return the run as plain values, in the structure of the run file."""
    document: dict[str, Any] = {
        "version": VERSION,
        "name": run.name,
        "model": without_none(
            {"id": run.model.id, "version": run.model.version, "artifact": run.model.artifact},
        ),
        "data": dict(run.data) or DEFAULT_DATA,
        "output": run.output,
        "customization": run.customization and customization_document(run.customization),
        "instance": _instance_document(run.instance),
        "hyperparameters": {name: typed(value) for name, value in run.hyperparameters.items()},
        "role": run.role,
        "vpc": run.vpc and {"subnets": list(run.vpc.subnets), "security_group_ids": list(run.vpc.security_group_ids)},
        "kms": without_none({"volume": run.kms.volume, "output": run.kms.output}) or None,
        "tags": dict(run.tags) or None,
        "environment": dict(run.environment) or None,
        "encrypt_traffic": run.encrypt_traffic,
        "network_isolation": run.network_isolation,
        "volume_gb": run.volume_gb,
        "checkpoint": run.checkpoint,
        "max_cost_usd": run.max_cost_usd,
        "accept_eula": run.accept_eula,
        "tuning": run.tuning and tuning_document(run.tuning),
    }
    return without_none(document)


def _instance_document(instance: InstanceChoice) -> str | dict[str, Any]:
    limit = format_duration(instance.max_runtime)
    if instance.is_serverless:
        is_default = instance.max_runtime == SERVERLESS_RUNTIME
        return SERVERLESS if is_default else {"type": SERVERLESS, "max_runtime": limit}
    return without_none(
        {
            "type": instance.type,
            "count": instance.count,
            "spot": instance.spot,
            "max_runtime": limit,
            "max_wait": format_duration(instance.max_wait) if instance.max_wait else None,
            "keep_alive": format_duration(instance.keep_alive) if instance.keep_alive else None,
        }
    )
