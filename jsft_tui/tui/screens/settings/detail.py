"""What is told about a setting: its value in full, what it is for, where it comes from, and whether it is any good."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.status import Status
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.run.settings.origin import OriginStep, chain_rule
from jsft_tui.core.run.settings.own import DEFAULT, FOUND_OUT, JSFT_CONFIG, OwnSetting
from jsft_tui.core.run.settings.settings import NOT_SET, Setting, SettingRow
from jsft_tui.tui.keymap.labels import KeyNames
from jsft_tui.tui.screens.settings.rows import FactRow, OwnRow, short_value
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, Section, Shape, section
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

ORIGIN = 25
"""Cells of the name of a layer, at most."""
LABEL = 9
WAY = 21
"""Cells of a key with what it does, so that two stand below each other."""
INKS = {Level.PASS: "good", Level.WARN: "warn", Level.BLOCK: "bad", Level.UNKNOWN: "muted"}


@dataclass(frozen=True)
class KnownSetting:
    """What is known of a setting of runs.

    Attributes:
        row: its value.
        chain: the layers that it may come from.
        findings: what the last check found; None if nothing was checked, or nothing can be.
    """

    row: SettingRow
    chain: Sequence[OriginStep]
    findings: Sequence[Finding] | None


def setting_detail(known: KnownSetting, shape: Shape, keys: KeyNames) -> Detail:
    """Return what is told about a setting of runs."""
    row = known.row
    setting = row.setting
    value = [line(row.text, "money" if setting is Setting.MAX_COST else "")] if row.origin != NOT_SET else []
    if shape is Shape.LINE:
        return Detail(setting.label, [section(*(value or [line(setting.about)]))])
    if shape is Shape.BELOW:
        lines = (*value, line(setting.about), _from(known.chain, setting), *_checked(known.findings))
        return Detail(setting.label, [section(*lines)])
    sections = [
        *([Section(tuple(value))] if value else []),
        section(line(setting.about)),
        section(
            line("Where the value comes from", "strong"),
            *_steps(known.chain, lambda text: short_value(setting, text)),
            line(chain_rule(setting), "muted"),
        ),
        *_verdict(known.findings, keys),
        section(*_ways(setting, keys)),
    ]
    return Detail(setting.label, sections)


def _steps(chain: Sequence[OriginStep], words: Callable[[str], str]) -> list[TextLine]:
    """Return a line for each layer, the values below each other and as far left as the names allow."""
    width = min(ORIGIN, max((len(step.origin) for step in chain), default=0) + 1)
    return [_step(step, words(step.text), width) for step in chain]


def _step(step: OriginStep, text: str, width: int) -> TextLine:
    mark = glyph(Status.COMPLETED, os.environ) if step.wins else " "
    value = Cell(text or "–", "" if step.wins else "muted")
    return TextLine((Cell(f"{mark} ", "good"), Cell(f"{step.origin:{width}} ", "muted"), value), width + 3)


def _from(chain: Sequence[OriginStep], setting: Setting) -> TextLine:
    """Return the origin in one line: the one that holds, then what the others say."""
    winners = [step for step in chain if step.wins]
    others = "; ".join(
        f"{step.origin}: {short_value(setting, step.text) or '–'}" for step in chain if step not in winners
    )
    if not winners:
        return fact("From", f"nothing is set ({others})" if others else "nothing is set", "muted", LABEL)
    mark = Cell(f"{glyph(Status.COMPLETED, os.environ)} ", "good")
    names = Cell(", ".join(step.origin for step in winners))
    cells = (Cell("From".ljust(LABEL + 1), "muted"), mark, names, Cell(f"  ({others})" if others else "", "muted"))
    return TextLine(cells, LABEL + 1)


def _checked(findings: Sequence[Finding] | None) -> list[TextLine]:
    if not findings:
        return []
    cells: list[Cell] = [Cell("Checked".ljust(LABEL + 1), "muted")]
    for found in findings:
        cells += [Cell(f"{glyph(found.level.as_status, os.environ)} ", INKS[found.level]), Cell(f"{_short(found)}  ")]
    return [TextLine(tuple(cells), LABEL + 1)]


def _verdict(findings: Sequence[Finding] | None, keys: KeyNames) -> list[Section]:
    if findings is None:
        return []
    lines = [
        TextLine((Cell(f"{glyph(found.level.as_status, os.environ)} ", INKS[found.level]), Cell(_short(found))), 2)
        for found in findings
    ] or [line(f"Not checked: {keys.word('check_setting')} checks it.", "muted")]
    return [section(line("Is it any good?", "strong"), *lines)]


def _short(found: Finding) -> str:
    return found.told.detail or found.message


def _ways(setting: Setting, keys: KeyNames) -> list[TextLine]:
    """Return the keys of a setting; those that do nothing for it are left out."""
    ways = [("edit_setting", "yes, no, not set" if setting.is_switch else "choose another")]
    ways += [] if setting.is_switch else [("type_setting", "type it")]
    ways += [("keep_setting", "keep for every run")] if setting.config_key is not None else []
    ways += [("clear_setting", "back to inherited")]
    return [_way_line(ways[start : start + 2], keys) for start in range(0, len(ways), 2)]


def _way_line(ways: Sequence[tuple[str, str]], keys: KeyNames) -> TextLine:
    cells: list[Cell] = []
    for number, (action, text) in enumerate(ways):
        key = keys.short(action)
        is_last = number == len(ways) - 1
        cells += [Cell(f"{key} ", "key"), Cell(text if is_last else text.ljust(WAY - len(key)))]
    return TextLine(tuple(cells))


def own_detail(row: OwnRow, config_file: str, shape: Shape, keys: KeyNames) -> Detail:
    """Return what is told about one of jsft's own settings."""
    setting, value = row.setting, row.value
    if shape is Shape.LINE:
        return Detail(setting.label, [section(line(setting.about))])
    said = value.text if value.origin == JSFT_CONFIG else "–"
    chain = [OriginStep("jsft config.yaml", "" if said == "–" else said, wins=value.origin == JSFT_CONFIG)]
    rest = FOUND_OUT if value.origin == FOUND_OUT else DEFAULT
    if value.origin in (FOUND_OUT, DEFAULT):
        chain.append(OriginStep(rest, value.text, wins=True))
    late = [line("Another value holds from the next start on.", "muted")] if setting.holds_from_start else []
    about = [line(value.text, "money" if setting is OwnSetting.CONFIRM_ABOVE else ""), line(setting.about), *late]
    if shape is Shape.BELOW:
        return Detail(setting.label, [section(*about, fact("From", value.origin or "nothing is set", "muted", LABEL))])
    steps = _steps(chain, str)
    where = section(line("Where the value comes from", "strong"), *steps, line(f"kept in {config_file}", "muted"))
    ways = _way_line((("edit_setting", "change"), ("clear_setting", "back to the default")), keys)
    return Detail(setting.label, [section(about[0]), section(*about[1:]), where, section(ways)])


def fact_detail(row: FactRow, shape: Shape, keys: KeyNames) -> Detail:
    """Return what is told about a fact."""
    value, about = line(row.text), line(row.fact.about)
    if shape is Shape.LINE:
        return Detail(row.fact.value, [section(value)])
    origin = [fact("From", row.origin, "muted", LABEL)] if row.origin else []
    cannot = line(f"It cannot be edited here; {keys.word('target')} switches the target.", "muted")
    if shape is Shape.BELOW:
        return Detail(row.fact.value, [section(value, about, *origin)])
    return Detail(row.fact.value, [section(value), section(about, *origin), section(cannot)])
