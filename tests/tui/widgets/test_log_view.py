"""The log follows its end, keeps a million lines in little memory, and never holds a key up."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.tui.widgets.log.search import Matches, contains
from jsft_tui.tui.widgets.log.store import RECENT, LogStore
from jsft_tui.tui.widgets.log.view import LogView
from tests.common.effort import PATIENCE, at_most
from tests.tui.driver.stage import Stage, lines


def log(*texts: str) -> list[LogLine]:
    return [LogLine(float(number), text) for number, text in enumerate(texts)]


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        await pilot.pause(0.02)
    await pilot.pause()


def shown(view: LogView) -> list[str]:
    """The texts on screen, without the clock."""
    return [line[9:] for line in lines(view)]


async def test_it_follows_until_the_person_scrolls_up_and_then_counts_what_is_new() -> None:
    view = LogView()
    app = Stage(view, kinds=(LogView.StateChanged,))
    async with app.run_test(size=(60, 5), message_hook=app.record) as pilot:
        view.focus()
        view.append(log(*(f"line {number}" for number in range(20))))
        await until(pilot, lambda: shown(view)[-1] == "line 19")
        await pilot.press("k")
        view.append(log("later", "last"))
        await until(pilot, lambda: view.state.new == 2)
        assert shown(view)[-1] == "line 18"
        assert view.state.follows is False
        await pilot.press("G")
        await until(pilot, lambda: shown(view)[-1] == "last" and view.state.follows)
        await pilot.press("g")
        assert shown(view)[0] == "line 0"
        await pilot.press(*["pagedown"] * 6)
        await until(pilot, lambda: view.state.follows)
        assert app.posted[-1].state.lines == 22


async def test_search_counts_marks_and_goes_from_match_to_match() -> None:
    view = LogView()
    async with Stage(view).run_test(size=(60, 6)) as pilot:
        view.focus()
        view.append(log(*(f"Epoch {number}" if number % 10 == 0 else f"step {number}" for number in range(100))))
        await until(pilot, lambda: view.state.shown == 100)
        await pilot.press("g")
        view.search("epoch")
        await until(pilot, lambda: view.state.match == 1)
        assert view.state.matches == 10
        marked = [segment.text for segment in view.render_line(0) if segment.style and segment.style.reverse]
        assert marked == ["Epoch"]
        await pilot.press("n", "n")
        assert "Epoch 20" in shown(view)
        await pilot.press("N", "N", "N")
        assert view.state.match == 10
        assert "Epoch 90" in shown(view)
        view.append(log("epoch again"))
        await until(pilot, lambda: view.state.matches == 11)
        view.search("Epoch")
        await until(pilot, lambda: view.state.matches == 10)


async def test_a_filter_leaves_only_lines_that_contain_it() -> None:
    view = LogView()
    async with Stage(view).run_test(size=(60, 6)) as pilot:
        view.focus()
        view.append(log(*(f"{'loss' if number % 7 == 0 else 'other'} {number}" for number in range(70))))
        view.set_filter("loss")
        await until(pilot, lambda: view.state.shown == 10)
        assert shown(view)[-1] == "loss 63"
        view.append(log("other", "loss 70"))
        await until(pilot, lambda: shown(view)[-1] == "loss 70")
        view.set_filter("")
        await until(pilot, lambda: view.state.shown == 72)


async def test_the_first_error_is_found_far_from_the_screen() -> None:
    view = LogView()
    texts = [f"step {number}" for number in range(RECENT * 3)]
    texts[777] = "ValueError: no such column"
    async with Stage(view).run_test(size=(60, 9)) as pilot:
        view.focus()
        view.append(log(*texts))
        await pilot.press("e")
        await until(pilot, lambda: "ValueError: no such column" in shown(view))
        row = shown(view).index("ValueError: no such column")
        error = view.app.theme_variables["error"].lower()
        styles = [segment.style for segment in view.render_line(row)]
        assert any(style and style.color and style.color.name == error for style in styles)


async def test_long_lines_are_cut_shifted_or_wrapped() -> None:
    view = LogView()
    async with Stage(view).run_test(size=(30, 6)) as pilot:
        view.focus()
        view.append(log("a" * 25 + "漢字" * 10, "short"))
        await until(pilot, lambda: view.state.shown == 2)
        assert shown(view)[0].endswith("…")
        await pilot.press("right")
        assert shown(view)[0].startswith("aaaaaaaaa漢")
        await pilot.press("u")
        await pilot.pause()
        assert "".join(line.strip() for line in shown(view)) == "a" * 25 + "漢字" * 10 + "short"
        await pilot.press("number_sign")
        assert lines(view)[0].startswith("aaaa")


async def test_no_letter_is_under_the_scroll_bar() -> None:
    view = LogView()
    async with Stage(view).run_test(size=(30, 5)) as pilot:
        view.focus()
        text = "".join(chr(ord("a") + number % 26) for number in range(60))
        view.append(log(*([text] * 9)))
        await until(pilot, lambda: view.show_vertical_scrollbar and view.state.follows)
        assert all(line.endswith("…") and len(line) == 29 for line in lines(view))
        await pilot.press("u", "g")
        await until(pilot, lambda: view.scroll_offset.y == 0)
        width = view.scrollable_content_region.width
        assert "".join(shown(view)[:3]) == text
        assert all(len(line) <= width for line in lines(view))


async def test_wrapped_every_line_can_be_reached() -> None:
    view = LogView()
    async with Stage(view).run_test(size=(30, 6)) as pilot:
        view.focus()
        view.append(log(*(f"{number:02} " + "x" * 40 for number in range(20))))
        await pilot.press("u", "g")
        seen = set()
        for _ in range(25):
            seen |= {line[:2] for line in shown(view)}
            await pilot.press("j")
        assert seen >= {f"{number:02}" for number in range(20)}


async def test_escape_sequences_markup_and_progress_bars_are_only_text() -> None:
    view = LogView()
    async with Stage(view).run_test(size=(60, 6)) as pilot:
        view.append(
            log("[@click=app.quit]x[/] [/b]", "\x1b]52;c;aGk=\x07 \x1b[31mred\x9b2J", " 5%\r50%\r100% done\r", "a\nb")
        )
        await until(pilot, lambda: view.state.shown == 5)
        assert shown(view)[:5] == ["[@click=app.quit]x[/] [/b]", " red", "100% done", "a", "b"]


async def test_a_progress_bar_that_comes_in_parts_is_one_living_line() -> None:
    view = LogView()
    async with Stage(view).run_test(size=(60, 6)) as pilot:
        for wraps in (False, True):
            view.append(log("begin", *(f"\r{n:3}%" for n in range(101))))
            await until(pilot, lambda: any(line.endswith("100%") for line in shown(view)))
            view.append(log("\r100% done"))
            await until(pilot, lambda: any(line.endswith("100% done") for line in shown(view)))
            view.append([LogLine(1.0, "\r 1% of another host", "algo-2")])
            view.append(log("end", "\rno bar before this"))
            count = 5 * (1 + wraps)
            await until(pilot, lambda count=count: view.state.lines == count)  # type: ignore[misc]
            await pilot.press("u")
        stored = [view.store.line(number).text for number in range(5)]
        assert stored[:2] == ["begin", "100% done"]
        assert stored[3:] == ["end", "no bar before this"]


async def test_a_progress_bar_is_searched_for_what_it_shows_now() -> None:
    view = LogView()
    async with Stage(view).run_test(size=(60, 6)) as pilot:
        view.append(log("begin", "\r 10% waiting"))
        view.search("waiting")
        await until(pilot, lambda: view.state.matches == 1)
        view.append(log("\r 20% training"))
        await until(pilot, lambda: (view.state.matches, view.state.match) == (0, 0))
        view.search("training")
        view.set_filter("%")
        await until(pilot, lambda: (view.state.matches, view.state.shown) == (1, 1))
        view.append(log("\r 30% training", "end"))
        await until(pilot, lambda: shown(view)[0] == " 30% training")
        assert (view.state.matches, view.state.shown, view.state.lines) == (1, 1, 3)


async def test_a_view_that_grows_or_shrinks_goes_on_following() -> None:
    view = LogView()
    async with Stage(view).run_test(size=(60, 12)) as pilot:
        view.append(log(*(f"line {number}" for number in range(50))))
        await until(pilot, lambda: view.state.shown == 50)
        for height in (4, 12, 7):
            view.styles.height = height
            await until(pilot, lambda height=height: len(shown(view)) == view.size.height == height)  # type: ignore[misc]
            assert view.state.follows
            assert shown(view)[-1] == "line 49"
        view.append(log("later"))
        await until(pilot, lambda: shown(view)[-1] == "later")


async def test_another_log_begins_empty_and_lines_after_the_end_are_dropped() -> None:
    view = LogView()
    async with Stage(view).run_test(size=(60, 6)) as pilot:
        view.append(log("first"))
        view.search("first")
        view.set_filter("first")
        await until(pilot, lambda: view.state.matches == 1)
        view.clear()
        view.append(log("second"))
        await until(pilot, lambda: shown(view)[0] == "second")
        assert (view.state.lines, view.state.query, view.state.follows) == (1, "", True)
    view.append(log("too late"))


MANY = pytest.mark.parametrize("count", [20_000, pytest.param(100_000, marks=pytest.mark.slow)])


@MANY
async def test_a_key_takes_little_effort_while_lines_pour_in(count: int) -> None:
    """How soon keys are answered meanwhile: `python -m bench.log_flow`."""
    view = LogView()
    async with Stage(view).run_test(size=(100, 30)) as pilot:
        view.focus()
        for start in range(0, count, 1000):
            view.append([LogLine(float(start), f"INFO step {start + n} loss: 0.{n:04}") for n in range(1000)])
            if start % 5000 == 3000:
                follows = view.state.follows
                with at_most(2, "a key"):
                    await pilot.press("k" if follows else "G")
                assert view.state.follows is not follows
        assert view.state.lines == count


@MANY
def test_a_long_log_takes_little_memory_and_every_line_stays_readable(count: int) -> None:
    store = LogStore()
    tracemalloc.start()
    for start in range(0, count, 1000):
        store.append(
            LogLine(float(n), f"line {n} 漢 " + "x" * 80, f"job/algo-{n % 2}") for n in range(start, start + 1000)
        )
    assert tracemalloc.get_traced_memory()[0] < 3_000_000 + 20 * count
    tracemalloc.stop()
    for number in (0, 1, 12_345, count - RECENT - 1, count - RECENT, count - 1):
        line = store.line(number)
        assert line.text.startswith(f"line {number} 漢")
        assert (line.time, line.stream) == (float(number), number % 2)
    found = Matches(contains("line 4242 "))
    while not found.search(store, 0.05):
        pass
    assert list(found.hits) == [4242]
    store.close()


def test_one_search_step_is_short() -> None:
    store = LogStore()
    store.append(LogLine(0.0, f"line {n}") for n in range(50_000))
    search = Matches(contains("nowhere"))
    with at_most(1):
        assert not search.search(store, 0.005)
    store.close()
