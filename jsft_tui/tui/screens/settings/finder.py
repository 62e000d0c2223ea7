"""Choose the value of a setting among what the account has, or enter it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jsft_tui.core.account.resources import Resource
from jsft_tui.core.customization.recipes.choice import lengths_of
from jsft_tui.core.run.settings.settings import Setting
from jsft_tui.services.preflight.resource_pickers import ResourcePickers
from jsft_tui.services.session.session import Session
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.run.package_group import choose_group

BY_HAND = "by hand"
"""Key of the row for entering a value."""


def _lengths(session: Session) -> list[Resource]:
    spec = session.spec
    return [Resource(length, length) for length in lengths_of(spec)] if spec is not None else []


_LISTS: dict[Setting, Callable[[Session], list[Resource]]] = {
    Setting.ROLE: lambda session: session.services.finders.roles(),
    Setting.VOLUME_KEY: lambda session: session.services.finders.keys(),
    Setting.OUTPUT_KEY: lambda session: session.services.finders.keys(),
    Setting.SEQUENCE_LENGTH: _lengths,
    Setting.MLFLOW_APP: lambda session: session.services.customization.mlflow_apps(),
    Setting.EVALUATOR: lambda session: session.services.customization.evaluators(),
    Setting.JUDGE_MODEL: lambda session: session.services.customization.judges(),
}
_IN_A_VPC: dict[Setting, Callable[[ResourcePickers, str], list[Resource]]] = {
    Setting.SUBNETS: ResourcePickers.subnets,
    Setting.SECURITY_GROUPS: ResourcePickers.security_groups,
}
_IN_A_GROUP = (Setting.PACKAGE_GROUP, Setting.SOURCE_PACKAGE)


def can_be_found(setting: Setting) -> bool:
    """Return whether the account has a list of values for a setting."""
    return setting in _LISTS or setting in _IN_A_VPC or setting in _IN_A_GROUP


class SettingFinder:
    """Lists the values of a setting and lets the user choose one."""

    def __init__(self, screen: WorkScreen, setting: Setting, chosen: Sequence[str]) -> None:
        """`chosen` are the values that are chosen already."""
        self._screen, self._setting, self._chosen = screen, setting, chosen

    async def choose(self) -> str | None:
        """Return what was chosen, `BY_HAND` for typing it, or None; of a network ask for the VPC first.

        Raises:
            Problem: the values cannot be listed.
        """
        screen, session, setting = self._screen, self._screen.session, self._setting
        title = f"{setting.label[:1].upper()}{setting.label[1:]}"
        if setting is Setting.PACKAGE_GROUP:
            return await choose_group(screen, self._chosen[0] if self._chosen else "")
        screen.say(f"Looking for {setting.label} …")
        if (listed := _LISTS.get(setting)) is not None:
            return await self._choose_of(title, await screen.call(lambda: listed(session)))
        if setting is Setting.SOURCE_PACKAGE:
            return await self._choose_package(title)
        finders = session.services.finders
        vpcs = await screen.call(finders.vpcs)
        vpc = vpcs[0].id if len(vpcs) == 1 else await self._choose_of("VPC", vpcs)
        if vpc is None or vpc == BY_HAND:
            return vpc
        in_vpc = _IN_A_VPC[setting]
        return await self._choose_of(title, await screen.call(lambda: in_vpc(finders, vpc)))

    async def _choose_package(self, title: str) -> str | None:
        """Ask for the group, then for one of its models."""
        screen, customization = self._screen, self._screen.session.services.customization
        group = await self._choose_of("Models of which group?", await screen.call(customization.groups))
        if group is None or group == BY_HAND:
            return group
        return await self._choose_of(title, await screen.call(lambda: customization.packages(group)))

    async def _choose_of(self, title: str, found: Sequence[Resource]) -> str | None:
        self._screen.say("")
        choices = [*map(self._choice, found), Choice(BY_HAND, "Enter a value", self._screen.key("type_setting"))]
        at = self._chosen[0] if self._chosen else ""
        return await self._screen.open_dialog(ChoiceDialog(title, choices, at=at))

    def _choice(self, resource: Resource) -> Choice:
        note = "selected; select again to remove" if self._is_selected(resource.id) else resource.note
        text = resource.id if resource.name == resource.id else f"{resource.name}  {resource.id}".strip()
        return Choice(resource.id, text, note)

    def _is_selected(self, id_: str) -> bool:
        return self._setting in _IN_A_VPC and id_ in self._chosen
