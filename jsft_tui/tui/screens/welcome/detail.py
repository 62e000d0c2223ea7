"""What each way to begin means: what one gets, what it needs, and the next keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from jsft_tui.core.account.ways_in import FoundWays, WayIn, note_of
from jsft_tui.core.common.status import Status
from jsft_tui.services.target.sandbox import INSTALL, MODELS, TRAINED_MODELS
from jsft_tui.tui.base.dialog import TAKE
from jsft_tui.tui.keymap.labels import KeyNames
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Button, Detail, Section, Shape, section
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

EXPORTS = ("export AWS_ACCESS_KEY_ID=…", "export AWS_SECRET_ACCESS_KEY=…", "export AWS_REGION=us-west-2")
"""What sets access keys in a shell."""
SSO_SETUP = "aws configure sso"
MOST_NAMES = 12
LABEL = 6
"""Cells of a key's name; a blank follows."""


def command_of(way: WayIn, found: FoundWays) -> str:
    """Return what is typed in another terminal for a way; empty where jsft does all by itself."""
    match way:
        case WayIn.SANDBOX:
            return "" if found.is_sandbox_installed else INSTALL
        case WayIn.SSO:
            return "" if found.sso else SSO_SETUP
        case WayIn.KEYS:
            return "\n".join(EXPORTS)
    return ""


def way_detail(way: WayIn, found: FoundWays, shape: Shape, keys: KeyNames) -> Detail:
    """Return what a way means, for the room there is."""
    make: dict[WayIn, Callable[[FoundWays, KeyNames], Detail]] = {
        WayIn.SSO: _sso,
        WayIn.PROFILE: _profile,
        WayIn.KEYS: _access_keys,
        WayIn.ROLE: _role,
        WayIn.BROWSE: _browse,
    }
    detail = _sandbox(found, shape, keys) if way is WayIn.SANDBOX else make[way](found, keys)
    if shape is Shape.LINE:
        return Detail(detail.title, [section(detail.sections[0].lines[0])], detail.state)
    return detail


def _sandbox(found: FoundWays, shape: Shape, keys: KeyNames) -> Detail:
    if not found.is_sandbox_installed:
        lines = line("! The sandbox is not installed.", "warn"), line("Install it in another terminal:")
        more = line(f"  {INSTALL}", "strong", 2), line(f"then {keys.word('try_again')} here.")
        return Detail("The sandbox", [section(*lines, *more)], button=_copy(keys))
    if shape is Shape.LINE:
        return Detail("The sandbox", [section(line("A pretend AWS on this machine: nothing is paid."))])
    if shape is Shape.BELOW:
        return Detail("The sandbox", [section(*_sandbox_in_short(keys))])
    passed = (
        "no account, nothing is paid",
        f"{MODELS} models to look at, {TRAINED_MODELS} to train",
        "data, quotas and prices to play with",
        "the AWS CLI and boto3 can use it, too",
    )
    steps = (
        (keys.short("enter_way"), "Enter the sandbox"),
        (keys.short("go_review"), "Review what would be launched"),
        (keys.short("launch"), "Launch"),
        (TAKE, "Yes: trains in 20 s"),
    )
    sections = [
        section(line("A pretend AWS on this machine. It trains real models, on your CPU, in seconds.")),
        Section(tuple(_passed(text) for text in passed)),
        section(line("Your first model, in 4 keys", "strong"), *(_step(key, text) for key, text in steps)),
    ]
    return Detail("The sandbox", sections, button=_button("Enter the sandbox", keys))


def _sandbox_in_short(keys: KeyNames) -> Sequence[TextLine]:
    review, launch = keys.short("go_review"), keys.short("launch")
    pairs = (
        ("no account, nothing is paid", f"{MODELS} models to look at, {TRAINED_MODELS} to train"),
        ("data, quotas and prices to play with", "AWS CLI and boto3 can use it"),
    )
    first = line("A pretend AWS on this machine. It trains real models on your CPU in seconds.")
    way = (
        Cell("First model in 4 keys:  ", "strong"),
        *_key(keys.short("enter_way"), ""),
        *_key(review, " review"),
        *_key(launch, " launch"),
        Cell(TAKE, "key"),
    )
    passed = [TextLine((*_passed(one).cells, Cell("   "), *_passed(other).cells)) for one, other in pairs]
    return first, *passed, TextLine(way)


def _sso(found: FoundWays, keys: KeyNames) -> Detail:
    title = "Sign in with SSO"
    if not found.sso:
        lines = line("No profile of this machine uses IAM Identity Center."), line("Set one up in another terminal:")
        more = line(f"  {SSO_SETUP}", "strong", 2), line(f"then {keys.word('try_again')} here.")
        return Detail(title, [section(*lines, *more)], button=_copy(keys))
    names = ", ".join(each.profile for each in found.sso[:MOST_NAMES])
    sections = [
        section(
            line(note_of(WayIn.SSO, found), "strong"),
            line("You confirm a code in a browser, on any machine. jsft shows the code and the address, and waits."),
        ),
        section(line(f"Profiles with SSO: {names}", "muted")),
    ]
    return Detail(title, sections, button=_button(f"Sign in as {found.sso[0].profile}", keys))


def _profile(found: FoundWays, keys: KeyNames) -> Detail:
    names = ", ".join(found.profiles[:MOST_NAMES]) + (", …" if len(found.profiles) > MOST_NAMES else "")
    sections = [
        section(line("Profiles of ~/.aws/config, the default credentials, or the sandbox; then a region.")),
        section(line(f"Here: {names}" if names else "There are no profiles here yet.", "muted")),
    ]
    return Detail("Profile and region", sections, button=_button("Choose a profile", keys))


def _access_keys(_found: FoundWays, keys: KeyNames) -> Detail:
    sections = [
        section(line("Leave jsft, then set these in your shell and start it again:")),
        Section(tuple(line(f"  {each}", "strong", 2) for each in EXPORTS)),
        section(line("Temporary keys have a third one: AWS_SESSION_TOKEN.", "muted")),
        section(line("Or keep them in a profile: aws configure", "muted")),
    ]
    return Detail("Access keys", sections, button=_copy(keys))


def _role(found: FoundWays, keys: KeyNames) -> Detail:
    said = "No role was found." if found.why == "NoCredentials" else "It has not been looked for."
    sections = [
        section(line("On an EC2 instance with a role, nothing has to be set: its keys are found by themselves.")),
        section(line(said, "muted"), line("Attach one in EC2's console: Actions, Security, Modify IAM role.", "muted")),
    ]
    return Detail("Role of the instance", sections, button=_button("Look for it", keys))


def _browse(_found: FoundWays, keys: KeyNames) -> Detail:
    sections = [
        section(line("JumpStart's catalog is public: every model, its data, hyperparameters and instance types.")),
        section(line("Jobs, quotas and your own data need an account. Nothing can be launched or changed.", "muted")),
    ]
    return Detail("The public catalog", sections, button=_button("Browse the catalog", keys))


def _passed(text: str) -> TextLine:
    return TextLine((Cell(f"{glyph(Status.COMPLETED, os.environ)} ", "good"), Cell(text)), 2)


def _step(key: str, text: str) -> TextLine:
    return TextLine((Cell(f"{key:{LABEL}} ", "key"), Cell(text)), LABEL + 1)


def _key(key: str, text: str) -> tuple[Cell, Cell]:
    return Cell(key, "key"), Cell(f"{text}  ")


def _button(verb: str, keys: KeyNames) -> Button:
    return Button(keys.short("enter_way"), verb, "enter_way")


def _copy(keys: KeyNames) -> Button:
    return Button(keys.short("copy_way"), "Copy the command", "copy_way")
