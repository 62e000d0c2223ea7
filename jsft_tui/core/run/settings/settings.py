"""The settings of a run beside model, data and instance: values, origins, and parsing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from jsft_tui.core.account.limits import MAX_GROUPS, MAX_SUBNETS
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.text import dollars
from jsft_tui.core.run.defaults import Defaults, with_defaults
from jsft_tui.core.run.draft import with_customization
from jsft_tui.core.run.run import KmsKeys, Run, Vpc
from jsft_tui.core.run.settings.customization import CUSTOMIZATION_SETTINGS, CustomizationSetting
from jsft_tui.core.run.settings.parsers import (
    ids_parser,
    parse_amount,
    parse_key,
    parse_pairs,
    parse_role,
    parse_s3_uri,
    parse_switch,
    parse_variables,
)

THIS_RUN, SPEC, NOT_SET = "this run", "model's spec", "not set"
"""Origins in addition to those that `Defaults` names."""


class SettingGroup(Enum):
    """A heading of the list of settings."""

    RUNS = "Runs"
    CUSTOMIZATION = "Customization"
    NETWORK = "Network and keys"
    MONEY = "Money"


class Setting(Enum):
    """The settings of a run, in display order. The value is its name in `Run` or `Defaults`."""

    ROLE = "role"
    OUTPUT = "output"
    TAGS = "tags"
    ENVIRONMENT = "environment"
    CHECKPOINT = "checkpoint"
    PACKAGE_GROUP = "model_package_group"
    SOURCE_PACKAGE = "source_model_package"
    SEQUENCE_LENGTH = "sequence_length"
    MLFLOW_APP = "mlflow_app"
    MLFLOW_EXPERIMENT = "mlflow_experiment"
    MLFLOW_RUN = "mlflow_run"
    EVALUATOR = "evaluator"
    JUDGE_MODEL = "judge_model"
    SUBNETS = "subnets"
    SECURITY_GROUPS = "security_group_ids"
    VOLUME_KEY = "volume_key"
    OUTPUT_KEY = "output_key"
    ENCRYPT_TRAFFIC = "encrypt_traffic"
    NETWORK_ISOLATION = "network_isolation"
    MAX_COST = "max_cost_usd"

    @property
    def label(self) -> str:
        """Return its name for display."""
        if (customization := self.customization) is not None:
            return customization.label
        return _LABELS.get(self, self.value.replace("_", " "))

    @property
    def group(self) -> SettingGroup:
        """Return the heading that it stands below."""
        if self is Setting.MAX_COST:
            return SettingGroup.MONEY
        if self.customization is not None:
            return SettingGroup.CUSTOMIZATION
        return SettingGroup.RUNS if self in _OF_RUNS else SettingGroup.NETWORK

    @property
    def customization(self) -> CustomizationSetting | None:
        """Return what it is in a customization; None for a setting of every run."""
        return CUSTOMIZATION_SETTINGS.get(self.value)

    @property
    def is_of_one_run(self) -> bool:
        """Return whether no default can be given for it."""
        customization = self.customization
        return self is Setting.CHECKPOINT if customization is None else not customization.is_default

    def applies_to(self, run: Run) -> bool:
        """Return whether it means anything for a run."""
        if (customization := self.customization) is None:
            return True
        wanted = run.customization
        return wanted is not None and (wanted.technique.is_reinforcement or not customization.for_rewards)

    @property
    def is_switch(self) -> bool:
        """Return whether it is yes, no, or the value of the model's spec."""
        return self in (Setting.ENCRYPT_TRAFFIC, Setting.NETWORK_ISOLATION)

    @property
    def about(self) -> str:
        """Return what it is for, in one sentence."""
        return _ABOUT[self] if self.customization is None else self.customization.about

    @property
    def example(self) -> str:
        """Return what to type."""
        return _EXAMPLES[self] if self.customization is None else self.customization.example

    @property
    def config_key(self) -> str | None:
        """Return its name in jsft's config; None for what belongs to one run only."""
        return None if self.is_of_one_run else _CONFIG_KEYS.get(self, self.value)


_OF_RUNS = (Setting.ROLE, Setting.OUTPUT, Setting.TAGS, Setting.ENVIRONMENT, Setting.CHECKPOINT)
_LABELS = {
    Setting.ROLE: "execution role",
    Setting.CHECKPOINT: "checkpoints",
    Setting.SECURITY_GROUPS: "security groups",
    Setting.MAX_COST: "limit per run",
}
_CONFIG_KEYS = {Setting.VOLUME_KEY: "volume_kms_key", Setting.OUTPUT_KEY: "output_kms_key"}
_ABOUT = {
    Setting.ROLE: "The role that the job works with: it reads your data and writes the model.",
    Setting.OUTPUT: "Where trained models go in S3.",
    Setting.TAGS: "Labels of the job, for example for cost reports.",
    Setting.ENVIRONMENT: "Variables that the training container sees.",
    Setting.CHECKPOINT: "Where checkpoints are copied during training, so that a spot job can go on.",
    Setting.SUBNETS: "The network that the instances are in, where the data must not leave your VPC.",
    Setting.SECURITY_GROUPS: "What the instances may talk to in your VPC.",
    Setting.VOLUME_KEY: "The KMS key that encrypts the disks of the instances.",
    Setting.OUTPUT_KEY: "The KMS key that encrypts the model in S3.",
    Setting.ENCRYPT_TRAFFIC: "Whether traffic between instances is encrypted.",
    Setting.NETWORK_ISOLATION: "Whether the training container has no network access.",
    Setting.MAX_COST: "A run that could cost more is not launched.",
}
_EXAMPLES = {
    Setting.ROLE: "An ARN: arn:aws:iam::123456789012:role/Name",
    Setting.OUTPUT: "An S3 URI: s3://bucket/prefix",
    Setting.TAGS: "KEY=VALUE, separated by commas: team=vision, cost=42",
    Setting.ENVIRONMENT: "KEY=VALUE, separated by commas: HF_HUB_OFFLINE=1",
    Setting.CHECKPOINT: "An S3 URI: s3://bucket/prefix",
    Setting.SUBNETS: f"1 to {MAX_SUBNETS} subnets, separated by commas: subnet-0a1b, subnet-0c2d",
    Setting.SECURITY_GROUPS: f"1 to {MAX_GROUPS} security groups, separated by commas: sg-0a1b, sg-0c2d",
    Setting.VOLUME_KEY: "A key id or its ARN.",
    Setting.OUTPUT_KEY: "A key id, its ARN, or an alias.",
    Setting.ENCRYPT_TRAFFIC: "yes or no",
    Setting.NETWORK_ISOLATION: "yes or no",
    Setting.MAX_COST: "An amount of USD: 20",
}


@dataclass(frozen=True)
class SettingRow:
    """A setting's effective value and its origin."""

    setting: Setting
    text: str
    origin: str


def setting_rows(own: Run, defaults: Defaults, spec: ModelSpec | None) -> tuple[SettingRow, ...]:
    """Return every setting of a run that means anything for it.

    Args:
        own: the run without defaults.
        defaults: values for what the run leaves open.
        spec: of its model, whose encryption and isolation apply last; None if unknown.
    """
    run = with_defaults(own, defaults)
    return tuple(_row(setting, own, run, defaults, spec) for setting in Setting if setting.applies_to(run))


def _row(setting: Setting, own: Run, run: Run, defaults: Defaults, spec: ModelSpec | None) -> SettingRow:
    text, origin = setting_text(run, setting), origin_of(setting, own, defaults)
    if origin == NOT_SET and setting.is_switch and spec is not None:
        declared = spec.encrypt_traffic if setting is Setting.ENCRYPT_TRAFFIC else spec.network_isolation
        return SettingRow(setting, _yes_or_no(declared), SPEC)
    return SettingRow(setting, text or "–", origin)


def origin_of(setting: Setting, own: Run, defaults: Defaults) -> str:
    """Return where a setting's value came from. A run's value that equals the default counts as the default."""
    given = _given(setting, defaults)
    value = _value(own, setting)
    if value in _NOTHING or value == given:
        return defaults.origins.get(_DEFAULTS_NAMES.get(setting, setting.value), NOT_SET)
    if isinstance(value, Mapping) and isinstance(given, Mapping) and given:
        return f"{THIS_RUN} + {defaults.origins.get(setting.value, NOT_SET)}"
    return THIS_RUN


_NOTHING: tuple[Any, ...] = (None, "", (), {})
_DEFAULTS_NAMES = {Setting.SUBNETS: "vpc", Setting.SECURITY_GROUPS: "vpc"}


def _given(setting: Setting, defaults: Defaults) -> Any:
    vpc = defaults.vpc or Vpc((), ())
    if setting.is_of_one_run:
        return None
    match setting:
        case Setting.SUBNETS:
            return vpc.subnets
        case Setting.SECURITY_GROUPS:
            return vpc.security_group_ids
    return getattr(defaults, setting.value)


def _value(run: Run, setting: Setting) -> Any:
    if setting.customization is not None:
        return getattr(run.customization, setting.value, "")
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
    """Return a setting's value in the form that is typed; empty for none."""
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
    """Set a setting from its text.

    Subnets and security groups belong together: setting one adds the other from the defaults.

    Raises:
        Problem: not an S3 URI.
        ValueError: not a valid value; the message shows an example.
    """
    return _put(own, setting, parse_setting(setting, text), defaults)


def with_choice(own: Run, setting: Setting, value: str, defaults: Defaults) -> Run:
    """Set a value chosen from a list; of several values it is added, or removed if it is there.

    Raises:
        ValueError: not a valid value, or too many.
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
    """Parse the text of a setting.

    Raises:
        Problem: not an S3 URI.
        ValueError: not a valid value; the message shows an example.
    """
    parse = _PARSERS[setting] if setting.customization is None else setting.customization.parse
    return parse(text.strip())


def _put(own: Run, setting: Setting, value: Any, defaults: Defaults) -> Run:
    if setting.customization is not None:
        return with_customization(own, **{setting.value: value})
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
    """Remove the run's own value of a setting; of a network both parts."""
    if setting in (Setting.SUBNETS, Setting.SECURITY_GROUPS):
        return replace(own, vpc=None)
    nothing: Any = {Setting.OUTPUT: "", Setting.TAGS: {}, Setting.ENVIRONMENT: {}}.get(setting)
    nothing = nothing if setting.customization is None else ""
    return _put(own, setting, nothing, Defaults())


def switched(own: Run, setting: Setting) -> Run:
    """Advance a switch of the run to its next state: yes, no, not set."""
    following: dict[bool | None, bool | None] = {None: True, True: False, False: None}
    return _put(own, setting, following[_value(own, setting)], Defaults())


def config_entries(run: Run, setting: Setting) -> dict[str, Any]:
    """Return a setting as entries of jsft's config, in plain values; of a network both parts.

    Args:
        run: with the defaults filled in.
        setting: one that belongs to one run only, or has no value, gives no entries.
    """
    together = (Setting.SUBNETS, Setting.SECURITY_GROUPS)
    found = {}
    for each in together if setting in together else (setting,):
        value = _value(run, each)
        if each.config_key is not None and value not in _NOTHING:
            plain = list(value) if isinstance(value, tuple) else value
            found[each.config_key] = dict(plain) if isinstance(plain, Mapping) else plain
    return found


_PARSERS: dict[Setting, Callable[[str], Any]] = {
    Setting.ROLE: parse_role,
    Setting.OUTPUT: parse_s3_uri,
    Setting.SUBNETS: ids_parser("subnet-", MAX_SUBNETS),
    Setting.SECURITY_GROUPS: ids_parser("sg-", MAX_GROUPS),
    Setting.VOLUME_KEY: parse_key,
    Setting.OUTPUT_KEY: parse_key,
    Setting.TAGS: parse_pairs,
    Setting.ENVIRONMENT: parse_variables,
    Setting.ENCRYPT_TRAFFIC: parse_switch,
    Setting.NETWORK_ISOLATION: parse_switch,
    Setting.MAX_COST: parse_amount,
    Setting.CHECKPOINT: parse_s3_uri,
}
