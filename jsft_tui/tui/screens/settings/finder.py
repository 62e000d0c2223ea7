"""Finding a value for a setting: roles, networks and keys of the account to choose from, or to type by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jsft_tui.core.account.resources import Resource
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.run.settings import Setting
from jsft_tui.services.preflight.resource_pickers import ResourcePickers
from jsft_tui.tui.base.screen import WorkScreen
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog

BY_HAND = "by hand"
"""Key of the row that leads to typing."""

_LISTS: dict[Setting, Callable[[ResourcePickers], list[Resource]]] = {
    Setting.ROLE: ResourcePickers.roles,
    Setting.VOLUME_KEY: ResourcePickers.keys,
    Setting.OUTPUT_KEY: ResourcePickers.keys,
}
_IN_A_VPC: dict[Setting, Callable[[ResourcePickers, str], list[Resource]]] = {
    Setting.SUBNETS: ResourcePickers.subnets,
    Setting.SECURITY_GROUPS: ResourcePickers.security_groups,
}


def can_be_found(setting: Setting) -> bool:
    """Whether an account has a list of such values."""
    return setting in _LISTS or setting in _IN_A_VPC


class SettingFinder:
    """Asks for the values of a setting and lets one be chosen."""

    def __init__(
        self,
        screen: WorkScreen,
        setting: Setting,
        chosen: Sequence[str],
        take: Callable[[str], None],
        by_hand: Callable[[str], None],
    ) -> None:
        """Nothing is asked yet.

        Args:
            screen: shows the dialogs.
            setting: what is looked for.
            chosen: the values that are chosen already.
            take: is given the value chosen.
            by_hand: lets one type; is given why there is nothing to choose from, or nothing.
        """
        self._screen, self._setting, self._chosen = screen, setting, chosen
        self._take, self._by_hand = take, by_hand
        self._finders = screen.session.services.finders

    def start(self) -> None:
        """Ask, then choose; of a network first the VPC."""
        finders = self._finders
        listed = _LISTS.get(self._setting)
        self._screen.say(f"Looking for {self._setting.label} …")
        if listed is not None:
            self._screen.ask("find", lambda _: listed(finders), self._choose, self._denied)
        else:
            self._screen.ask("find", lambda _: finders.vpcs(), self._choose_vpc, self._denied)

    def _denied(self, problem: Problem) -> None:
        self._screen.say_problem(problem)
        self._by_hand(str(problem))

    def _choose_vpc(self, vpcs: list[Resource]) -> None:
        if len(vpcs) == 1:
            self._in_vpc(vpcs[0].id)
        else:
            self._show("VPC", vpcs, self._in_vpc)

    def _in_vpc(self, vpc: str) -> None:
        listed, finders = _IN_A_VPC[self._setting], self._finders
        self._screen.ask("find", lambda _: listed(finders, vpc), self._choose, self._denied)

    def _choose(self, found: list[Resource]) -> None:
        self._show(self._setting.label.capitalize(), found, self._take)

    def _show(self, title: str, found: Sequence[Resource], take: Callable[[str], None]) -> None:
        self._screen.say("")
        choices = [*map(self._choice, found), Choice(BY_HAND, "Type it by hand", self._screen.key("type_setting"))]

        def answered(key: str | None) -> None:
            if key == BY_HAND:
                self._by_hand("")
            elif key is not None:
                take(key)

        at = self._chosen[0] if self._chosen else ""
        self._screen.ask_person(ChoiceDialog(title, choices, at=at), answered)

    def _choice(self, resource: Resource) -> Choice:
        note = "chosen; again takes it out" if self._takes_out(resource.id) else resource.note
        return Choice(resource.id, f"{resource.name}  {resource.id}".strip(), note)

    def _takes_out(self, id_: str) -> bool:
        return self._setting in _IN_A_VPC and id_ in self._chosen
