"""What every run gets beside model, data and instance: its value, where that came from, and how it is typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from jsft_tui.core.account.limits import KMS_KEY, MAX_GROUPS, MAX_SUBNETS, VARIABLE
from jsft_tui.core.account.permissions import ARN
from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.text import dollars
from jsft_tui.core.run.defaults import Defaults, with_defaults
from jsft_tui.core.run.run import KmsKeys, Run, Vpc
from jsft_tui.core.storage.uri import S3Uri

THIS_RUN, SPEC, NOT_SET = "this run", "model's spec", "not set"
"""Origins beside those that `Defaults` names."""


class Setting(Enum):
    """The settings of a run, in the order in which they are shown. The value is its name in `Run` or `Defaults`."""

    ROLE = "role"
    OUTPUT = "output"
    SUBNETS = "subnets"
    SECURITY_GROUPS = "security_group_ids"
    VOLUME_KEY = "volume_key"
    OUTPUT_KEY = "output_key"
    TAGS = "tags"
    ENVIRONMENT = "environment"
    ENCRYPT_TRAFFIC = "encrypt_traffic"
    NETWORK_ISOLATION = "network_isolation"
    MAX_COST = "max_cost_usd"
    CHECKPOINT = "checkpoint"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _LABELS.get(self, self.value.replace("_", " "))

    @property
    def is_switch(self) -> bool:
        """Whether it is yes, no or what the model's spec says."""
        return self in (Setting.ENCRYPT_TRAFFIC, Setting.NETWORK_ISOLATION)

    @property
    def about(self) -> str:
        """What to type, in one sentence."""
        return _ABOUT[self]

    @property
    def config_key(self) -> str | None:
        """Its name in jsft's config; None for what belongs to one run only."""
        return _CONFIG_KEYS.get(self, self.value) if self is not Setting.CHECKPOINT else None


_LABELS = {
    Setting.SECURITY_GROUPS: "security groups",
    Setting.VOLUME_KEY: "volume key",
    Setting.OUTPUT_KEY: "output key",
    Setting.MAX_COST: "max cost",
}
_CONFIG_KEYS = {Setting.VOLUME_KEY: "volume_kms_key", Setting.OUTPUT_KEY: "output_kms_key"}
_ABOUT = {
    Setting.ROLE: "The ARN of the execution role: arn:aws:iam::123456789012:role/Name",
    Setting.OUTPUT: "Where trained models go: s3://bucket/prefix",
    Setting.SUBNETS: f"1 to {MAX_SUBNETS} subnets, with commas between them: subnet-0a1b, subnet-0c2d",
    Setting.SECURITY_GROUPS: f"1 to {MAX_GROUPS} security groups, with commas between them: sg-0a1b, sg-0c2d",
    Setting.VOLUME_KEY: "KMS key id or ARN that encrypts the disks of the instances.",
    Setting.OUTPUT_KEY: "KMS key id, ARN or alias that encrypts the model in S3.",
    Setting.TAGS: "KEY=VALUE, with commas between them: team=vision, cost=42",
    Setting.ENVIRONMENT: "KEY=VALUE, with commas between them: HF_HUB_OFFLINE=1",
    Setting.ENCRYPT_TRAFFIC: "Whether instances encrypt what they send one another.",
    Setting.NETWORK_ISOLATION: "Whether the container has no network at all.",
    Setting.MAX_COST: "A run that could cost more USD is refused: 20",
    Setting.CHECKPOINT: "Where checkpoints are copied to while it trains: s3://bucket/prefix",
}


@dataclass(frozen=True)
class SettingRow:
    """A setting as it takes effect, and where that came from."""

    setting: Setting
    text: str
    origin: str


def setting_rows(own: Run, defaults: Defaults, spec: ModelSpec | None) -> tuple[SettingRow, ...]:
    """Every setting of a run.

    Args:
        own: the run as it says itself.
        defaults: what it gets where it says nothing.
        spec: of its model, which has the last word on encryption and isolation; None while it is not known.
    """
    run = with_defaults(own, defaults)
    return tuple(_row(setting, own, run, defaults, spec) for setting in Setting)


def _row(setting: Setting, own: Run, run: Run, defaults: Defaults, spec: ModelSpec | None) -> SettingRow:
    text, origin = setting_text(run, setting), origin_of(setting, own, defaults)
    if origin == NOT_SET and setting.is_switch and spec is not None:
        declared = spec.encrypt_traffic if setting is Setting.ENCRYPT_TRAFFIC else spec.network_isolation
        return SettingRow(setting, _yes_or_no(declared), SPEC)
    return SettingRow(setting, text or "–", origin)


def origin_of(setting: Setting, own: Run, defaults: Defaults) -> str:
    """Where a setting's value came from. What a run repeats of its defaults came from there."""
    given = _given(setting, defaults)
    said = _value(own, setting)
    if said in _NOTHING or said == given:
        return defaults.origins.get(_DEFAULTS_NAMES.get(setting, setting.value), NOT_SET)
    if isinstance(said, Mapping) and isinstance(given, Mapping) and given:
        return f"{THIS_RUN} + {defaults.origins.get(setting.value, NOT_SET)}"
    return THIS_RUN


_NOTHING: tuple[Any, ...] = (None, "", (), {})
_DEFAULTS_NAMES = {Setting.SUBNETS: "vpc", Setting.SECURITY_GROUPS: "vpc"}


def _given(setting: Setting, defaults: Defaults) -> Any:
    vpc = defaults.vpc or Vpc((), ())
    match setting:
        case Setting.SUBNETS:
            return vpc.subnets
        case Setting.SECURITY_GROUPS:
            return vpc.security_group_ids
        case Setting.CHECKPOINT:
            return None
    return getattr(defaults, setting.value)


def _value(run: Run, setting: Setting) -> Any:
    vpc = run.vpc or Vpc((), ())
    match setting:
        case Setting.SUBNETS:
            return vpc.subnets
        case Setting.SECURITY_GROUPS:
            return vpc.security_group_ids
        case Setting.VOLUME_KEY:
            return run.kms.volume
        case Setting.OUTPUT_KEY:
            return run.kms.output
    return getattr(run, setting.value)


def setting_text(run: Run, setting: Setting) -> str:
    """A setting's value as it is typed; empty for none."""
    value = _value(run, setting)
    if value in _NOTHING:
        return ""
    if setting.is_switch:
        return _yes_or_no(value)
    if setting is Setting.MAX_COST:
        return dollars(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={text}" for name, text in value.items())
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _yes_or_no(value: bool | None) -> str:
    return "yes" if value else "no"


def with_setting(own: Run, setting: Setting, text: str, defaults: Defaults) -> Run:
    """The run with a setting typed.

    A network is subnets and security groups together: who says the one gets the other from the defaults.

    Raises:
        Problem: an S3 URI that is none.
        ValueError: the text is no such value; the message says what one looks like.
    """
    return _put(own, setting, parse_setting(setting, text), defaults)


def with_choice(own: Run, setting: Setting, value: str, defaults: Defaults) -> Run:
    """The run with a value chosen from a list: of several values it is put in, or taken out when it is there.

    Raises:
        ValueError: the value is none, or there would be too many.
    """
    before = _value(with_defaults(own, defaults), setting)
    if not isinstance(before, tuple):
        return with_setting(own, setting, value, defaults)
    kept = tuple(each for each in before if each != value)
    wanted = kept if len(kept) < len(before) else (*before, value)
    if not wanted:
        return without_setting(own, setting)
    return with_setting(own, setting, ", ".join(wanted), defaults)


def parse_setting(setting: Setting, text: str) -> Any:
    """What a text says as the value of a setting.

    Raises:
        Problem: an S3 URI that is none.
        ValueError: the text is no such value; the message says what one looks like.
    """
    return _PARSERS[setting](text.strip())


def _put(own: Run, setting: Setting, value: Any, defaults: Defaults) -> Run:
    vpc = own.vpc or defaults.vpc or Vpc((), ())
    match setting:
        case Setting.SUBNETS:
            return replace(own, vpc=Vpc(value, vpc.security_group_ids))
        case Setting.SECURITY_GROUPS:
            return replace(own, vpc=Vpc(vpc.subnets, value))
        case Setting.VOLUME_KEY:
            return replace(own, kms=KmsKeys(value, own.kms.output))
        case Setting.OUTPUT_KEY:
            return replace(own, kms=KmsKeys(own.kms.volume, value))
    return replace(own, **{setting.value: value})


def without_setting(own: Run, setting: Setting) -> Run:
    """The run without what it says itself of a setting; of a network both parts go."""
    if setting in (Setting.SUBNETS, Setting.SECURITY_GROUPS):
        return replace(own, vpc=None)
    nothing: Any = {Setting.OUTPUT: "", Setting.TAGS: {}, Setting.ENVIRONMENT: {}}.get(setting)
    return _put(own, setting, nothing, Defaults())


def switched(own: Run, setting: Setting) -> Run:
    """The run with the next state of a switch: yes, no, not said."""
    following: dict[bool | None, bool | None] = {None: True, True: False, False: None}
    return _put(own, setting, following[_value(own, setting)], Defaults())


def config_entries(run: Run, setting: Setting) -> dict[str, Any]:
    """A setting as entries of jsft's config, in plain values; of a network both parts.

    Args:
        run: with the defaults filled in.
        setting: which; nothing comes of one that belongs to one run only, or that has no value.
    """
    together = (Setting.SUBNETS, Setting.SECURITY_GROUPS)
    found = {}
    for each in together if setting in together else (setting,):
        value = _value(run, each)
        if each.config_key is not None and value not in _NOTHING:
            plain = list(value) if isinstance(value, tuple) else value
            found[each.config_key] = dict(plain) if isinstance(plain, Mapping) else plain
    return found


# -- reading what is typed


def _role(text: str) -> str:
    if not ARN.fullmatch(text):
        raise ValueError("That is not the ARN of a role: arn:aws:iam::123456789012:role/Name")
    return text


def _key(text: str) -> str:
    if not KMS_KEY.fullmatch(text) or (text.startswith("arn:") and ":kms:" not in text):
        raise ValueError("That is not a KMS key: an id, an alias, or arn:aws:kms:REGION:ACCOUNT:key/ID")
    return text


def _place(text: str) -> str:
    return str(S3Uri.parse(text)) if S3Uri.parse(text).key else text.rstrip("/")


def _ids(prefix: str, most: int) -> Callable[[str], tuple[str, ...]]:
    def parse(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(_parts(text)))
        for name in found:
            if not re.fullmatch(rf"{prefix}[0-9a-zA-Z-]+", name):
                raise ValueError(f"{name!r} does not look like {prefix}0a1b2c3d.")
        if not 1 <= len(found) <= most:
            raise ValueError(f"1 to {most} of them, not {len(found)}.")
        return found

    return parse


def _pairs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _parts(text):
        name, sign, value = part.partition("=")
        if not sign or not name.strip():
            raise ValueError(f"{part!r} is not KEY=VALUE.")
        found[name.strip()] = value.strip()
    return found


def _variables(text: str) -> dict[str, str]:
    found = _pairs(text)
    for name in found:
        if not VARIABLE.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a variable: letters, digits and _.")
    return found


def _parts(text: str) -> Iterable[str]:
    return (part.strip() for part in text.split(",") if part.strip())


def _switch(text: str) -> bool:
    words = {"yes": True, "true": True, "no": False, "false": False}
    if text.lower() not in words:
        raise ValueError("yes or no.")
    return words[text.lower()]


def _amount(text: str) -> float:
    if not re.fullmatch(r"\d{1,9}(\.\d+)?", text.replace(",", "").removeprefix("$")):
        raise ValueError("An amount of USD: 20 or 7.50")
    return float(text.replace(",", "").removeprefix("$"))


_PARSERS: dict[Setting, Callable[[str], Any]] = {
    Setting.ROLE: _role,
    Setting.OUTPUT: _place,
    Setting.SUBNETS: _ids("subnet-", MAX_SUBNETS),
    Setting.SECURITY_GROUPS: _ids("sg-", MAX_GROUPS),
    Setting.VOLUME_KEY: _key,
    Setting.OUTPUT_KEY: _key,
    Setting.TAGS: _pairs,
    Setting.ENVIRONMENT: _variables,
    Setting.ENCRYPT_TRAFFIC: _switch,
    Setting.NETWORK_ISOLATION: _switch,
    Setting.MAX_COST: _amount,
    Setting.CHECKPOINT: _place,
}
