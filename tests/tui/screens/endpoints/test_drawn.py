"""Screen 7 stands as it is drawn (SCREENS.md §7.13): its rows, its titles and the bounds of its panes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.tui.driver.worlds import NOW, SERVING, World, deployed, endpoint, endpoint_config
from tests.tui.screens.endpoints.serving_work import at_endpoints, go_to

THIN = str.maketrans("┏┓┗┛━┃┣┫", "╭╮╰╯─│├┤")
DAY = 86_400.0

DRAWN: World = replace(
    SERVING,
    endpoints=[
        endpoint("churn-lightgbm", "InService", 6.2 * DAY),
        endpoint("flowers-lite0-a", "InService", 3.01 * DAY),
        endpoint("tickets-llama-8b", "Creating", 250),
    ],
    endpoint_configs=[
        endpoint_config("churn-lightgbm", "ml.m5.xlarge"),
        endpoint_config("flowers-lite0-a", "ml.g4dn.xlarge"),
        endpoint_config("tickets-llama-8b", "ml.g5.2xlarge"),
    ],
    models=["churn-lightgbm", "flowers-lite0-a", "tickets-llama-8b"],
    endpoint_tags={name: deployed(name) for name in ("churn-lightgbm", "flowers-lite0-a", "tickets-llama-8b")},
    calls={
        "churn-lightgbm": [(NOW - 3_600.0, 214.0)],
        "flowers-lite0-a": [(NOW - 2.2 * DAY, 4.0)],
    },
)


@dataclass(frozen=True)
class Drawing:
    """The drawn rows of a size, and the columns where rows have a border."""

    size: tuple[int, int]
    rows: dict[int, str]
    bounds: dict[int, tuple[int, ...]]


BESIDE, BELOW = (0, 73, 74, 119), (0, 79)
DRAWINGS = (
    Drawing(
        (120, 36),
        {
            1: " 1 Model                 2 Data             3 Instance           4 Hyperparameters     "
            "5 Review   │ 6 Jobs  7 Endpoints",
            2: " efficientnet-lite0      default dataset    g5.12xlarge 4×A10G   epochs 10, batch 128  "
            "≤ $42.54   │ ● 1     $2.48/h",
            3: "╭─ Endpoints ────────────────────────────────── $2.48/h, $1,811 a month ─╮"
            "╭─ flowers-lite0-a ─────────── ● In service ─╮",
            4: "│   NAME                INSTANCE           AGE    $/H  A MONTH     CALLS │"
            "│ ! Nobody has called it for 2 days.         │",
            5: "│ ◌ tickets-llama-8b    ml.g5.2xlarge    4 min  $1.51   $1,106  starting │"
            "│ It has cost $53.17 since 25 May.           │",
            6: "│▌! flowers-lite0-a     ml.g4dn.xlarge     3 d  $0.74     $537 0 for 2 d │"
            "│                                            │",
            7: "│ ● churn-lightgbm      ml.m5.xlarge       6 d  $0.23     $168       214 │"
            "│ Model     flowers-lite0-a                  │",
            9: "│ Calls in the last 24 hours.  ! idle for a day or more.                 │"
            "│ Made      25 May 20:12, with jsft          │",
            19: "│                                                                        │"
            "│  D  Delete: saves $537 a month             │",
            20: "╰─ ! 1 idle: it costs $17.66 a day ───────────────────────────── 2 of 3 ─╯"
            "╰────────────────────────────────────────────╯",
            21: f"╭─ Try it {'─' * 87} application/x-image ─╮",
            34: f"╰{'─' * 82} enter send  v try it, answer, log ─╯",
        },
        {3: BESIDE, 12: BESIDE, 20: BESIDE, 21: (0, 119), 30: (0, 119), 34: (0, 119)},
    ),
    Drawing(
        (80, 24),
        {
            1: " 1 Model  2 Data  3 Instance  4 Hyperparams  5 Review │ 6 Jobs  7 Endpoints",
            3: "╭─ Endpoints ──────────────────────────────────────── $2.48/h, $1,811 a month ─╮",
            4: "│   NAME                  INSTANCE             AGE    $/H  A MONTH       CALLS │",
            6: "│▌! flowers-lite0-a       ml.g4dn.xlarge       3 d  $0.74     $537   0 for 2 d │",
            9: "├─ flowers-lite0-a ───────────────────────────────────────────── ● In service ─┤",
            10: "│ ! Nobody has called it for 2 days. It has cost $53.17 since 25 May.          │",
            13: "│ D deletes endpoint, config and model. The tuned model stays in S3.           │",
            14: "├─ Try it ─────────────────────────────────────────────── application/x-image ─┤",
            22: "╰─ ! 1 idle: it costs $17.66 a day ─────────────────────────────────── 2 of 3 ─╯",
        },
        {3: BELOW, 9: BELOW, 14: BELOW, 18: BELOW, 22: BELOW},
    ),
    Drawing(
        (200, 50),
        {
            3: f"╭─ Endpoints {'─' * 48} $2.48/h, $1,811 a month ─╮╭─ flowers-lite0-a {'─' * 77} ● In service ─╮",
        },
        {3: (0, 87, 88, 199), 20: (0, 87, 88, 199), 48: (0, 199)},
    ),
)


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda drawing: f"{drawing.size[0]}x{drawing.size[1]}")
async def test_the_screen_stands_as_it_is_drawn(drawing: Drawing, tmp_path: Path, plain_environment: None) -> None:
    async with at_endpoints(tmp_path, drawing.size, DRAWN) as work:
        await go_to(work, "flowers-lite0-a")
        lines = [line.translate(THIN) for line in work.lines]
        for number, row in drawing.rows.items():
            assert lines[number] == row, f"row {number}\n" + "\n".join(lines)
        for number, columns in drawing.bounds.items():
            assert all(lines[number][column] in "╭╮╰╯│├┤" for column in columns), (number, lines[number])
