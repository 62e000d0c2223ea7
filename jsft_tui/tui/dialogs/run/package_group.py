"""Choose the model package group of a customization among those of the account, type it, or create one."""

from __future__ import annotations

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.customization.model_packages import GROUP_NAME
from jsft_tui.core.sizing.customization import suggested_group
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.widgets.text.text_pane import fact, line

CREATE, BY_HAND = "create ", "by hand "
"""Keys of the rows for creating a group and for typing one; no group has a blank in its name."""
LABEL = 9
ABOUT = "The name of a group in this account, or its ARN."
RULE = "1 to 63 letters, digits and hyphens, no hyphen at the ends."


async def choose_group(screen: WorkScreen, now: str = "") -> str | None:
    """Return the name or ARN of a group that was chosen, typed or created; None for nothing. From a flow.

    Args:
        screen: shows the dialogs.
        now: the group that is set; one that does not exist can be created at once.
    """
    session = screen.session
    screen.say("Looking for model package groups …")
    try:
        found = await screen.call(session.services.customization.groups)
        note = ""
    except Problem as problem:  # not allowed to list: it is typed
        found, note = [], str(problem)
    screen.say(note, Status.WARNING) if note else screen.say("")
    names = [each.name for each in found]
    new = now if now and now not in names and GROUP_NAME.fullmatch(now) else suggested_group(session.run.model.id)
    choices = [
        *(Choice(each.name, each.name, each.note or ("now" if each.name == now else "")) for each in found),
        Choice(CREATE, "Create a group …", "asks first"),
        Choice(BY_HAND, "Enter a name or an ARN", screen.key("type_setting")),
    ]
    key = await screen.open_dialog(ChoiceDialog("Model package group", choices, at=now or CREATE))
    if key == CREATE:
        name = await screen.open_dialog(PromptDialog("Name of the new group", new, check=_wrong_name, label="go on"))
        return name if name and await create_group(screen, name) else None
    if key == BY_HAND:
        return await screen.open_dialog(PromptDialog("Model package group", now, about=ABOUT)) or None
    return key


async def create_group(screen: WorkScreen, name: str) -> bool:
    """Create a group in the account when the person agrees; return whether it was created. From a flow.

    Raises:
        Problem: it is refused.
    """
    session = screen.session
    lines = [
        fact("Group", name, width=LABEL),
        fact("In", session.target.label, width=LABEL),
        line(""),
        line("It costs nothing. It calls CreateModelPackageGroup in your account."),
    ]
    if not await screen.open_dialog(ConfirmDialog("Create this model package group?", lines, label="create")):
        return False
    await screen.call(lambda: session.services.customization.create_group(name))
    screen.say(f"The model package group {name} was created.", Status.COMPLETED)
    return True


def _wrong_name(name: str) -> str | None:
    return None if GROUP_NAME.fullmatch(name) else RULE
