"""Title bar, strip, titles and bounds of the panes stand as they are drawn: a screen more is one entry here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.common.home import Home
from tests.tui.driver.pilot import Work, at_work
from tests.tui.driver.still import set_plain_environment, still_app
from tests.tui.driver.worlds import ORDINARY

THIN = str.maketrans("┏┓┗┛━┃┣┫", "╭╮╰╯─│├┤")
"""Without colors the pane with the focus has heavy lines."""

_ONE_LINE = str.maketrans("╔╗╚╝═║┏┓┗┛━┃┣┫", "╭╮╰╯─│╭╮╰╯─│├┤")
"""The same for dialogs, which have double lines there."""


@dataclass(frozen=True)
class Drawing:
    """A drawn screen of the sandbox, with the demo's draft.

    Attributes:
        name: of the test.
        size: of the terminal.
        keys: that go there from the first screen.
        until: a text that is there once all is shown.
        rows: number of a row -> the row.
        bounds: number of a row -> the columns where it has a border or a corner.
    """

    name: str
    size: tuple[int, int]
    keys: tuple[str, ...]
    until: str
    rows: dict[int, str]
    bounds: dict[int, tuple[int, ...]]


TITLE_BAR = " jsft   ◆ SANDBOX  us-west-2"
STRIP = (
    " 1 Model                 2 Data             3 Instance           4 Hyperparameters     "
    "5 Review   │ 6 Jobs  7 Endpoints",
    " efficientnet-lite0      default dataset    g4dn.12xlarge 4×T4   epochs 10, batch 128  ≤ $2.44    │ –       –",
)
LOW_STRIP = (
    " 1 Model  2 Data  3 Instance  4 Hyperparams  5 Review │ 6 Jobs  7 Endpoints",
    " efficientnet-lite0 · default dataset · g4dn.12xlarge · batch 128       ≤ $2.44",
)
CHECKED = ("≤ $2.44  ", "✔ ≤ $2.44")
LOW_CHECKED = ("  ≤ $2.44", "✔ ≤ $2.44")
BESIDE = (0, 73, 74, 119)
BELOW = (0, 79)
TO_RECIPES = ("slash", *"qwen3-06b", "enter", "enter", "left")
"""Keys to the recipes of a model of the sandbox; the last one takes the message away."""
CUSTOMIZED = (
    " qwen3-06b SFT LoRA      ! choose           not needed           after the recipe      –          │ –       –"
)
TO_SHAPES = ("2", "u", *"s3://jsft-sandbox-us-west-2/data/tiny-shapes/", "enter", "down", "c")
"""Keys to the small dataset of the sandbox, on its first class, checked."""
_TIMES = re.compile(r"[ \d]\d \w{3} \d\d:\d\d")

DRAWINGS = (
    Drawing(
        "models",
        (120, 36),
        (),
        "Runs on",
        {
            0: f"{TITLE_BAR}  no account, nothing is paid",
            1: STRIP[0],
            2: STRIP[1],
            3: "╭─ Models ───────────────────────────────── 75 of 100 can be fine-tuned ─╮"
            "╭─ efficientnet-lite0-classification-2 ──────╮",
            4: "│   MODEL                                TASK                   NOTE     │"
            "│ tensorflow-ic-efficientnet-lite0-          │",
        },
        {3: BESIDE, 20: BESIDE, 34: BESIDE},
    ),
    Drawing(
        "models",
        (80, 24),
        (),
        "Runs on",
        {
            0: TITLE_BAR,
            1: LOW_STRIP[0],
            2: LOW_STRIP[1],
            3: "╭─ Models ─────────────────────────────────────── 75 of 100 can be fine-tuned ─╮",
        },
        {3: BELOW, 10: BELOW, 22: BELOW},
    ),
    Drawing(
        "customize",
        (120, 36),
        TO_RECIPES,
        "your role may use it",
        {
            0: f"{TITLE_BAR}  no account, nothing is paid",
            1: STRIP[0],
            2: CUSTOMIZED,
            3: "╭─ How to customize qwen3-06b ────────────────── 8 recipes in us-west-2 ─╮"
            "╭─ SFT LoRA, serverless ─────────────────────╮",
            4: "│ Models › qwen3-06b › recipe                                            │"
            "│ Teaches answers by example; trains small   │",
            6: "│                       SERVERLESS              YOUR INSTANCES           │"
            "│                                            │",
            7: "│                       LoRA        full        LoRA         full        │"
            "│ Your data JSON lines, one dialog a line    │",
            8: "│ SFT                 ▌ ● chosen    ○           ○            ○           │"
            '│   {"messages": [                           │',
            9: "│ learn from examples ▌ per token   per token   g5.12xl up   g5.12xl up  │"
            '│     {"role": "user", "content": "1+1?"},   │',
            11: "│ DPO                   ○           ○           ○            ○           │"
            "│ or prompt and completion; the same form in │",
            12: "│ learn preferences     per token   per token   g5.12xl up   g5.12xl up  │"
            "│ all lines                                  │",
            33: "│                                                                        │"
            "│  enter  Customize with SFT LoRA            │",
            35: " enter choose  esc other model  v recipe in full  g model package group"
            "                                 ? keys  ^p find",
        },
        {3: BESIDE, 20: BESIDE, 34: BESIDE},
    ),
    Drawing(
        "customize",
        (80, 24),
        TO_RECIPES,
        "✔ role",
        {
            0: TITLE_BAR,
            1: LOW_STRIP[0],
            2: " qwen3-06b SFT LoRA · ! choose data · serverless · after the recipe           –",
            3: "╭─ How to customize qwen3-06b ──────────────────────── 8 recipes in us-west-2 ─╮",
            4: "│                         SERVERLESS                YOUR INSTANCES             │",
            5: "│                         LoRA        full          LoRA        full           │",
            6: "│ SFT    by example      ▌● chosen    ○             ○ g5.12xl   ○ g5.12xl      │",
            23: " enter choose  ←↓↑→ move  esc other model                       ? keys  ^p find",
        },
        {3: BELOW, 10: BELOW, 22: BELOW},
    ),
    Drawing(
        "data",
        (120, 36),
        ("2",),
        "400 images in 5 classes",
        {
            0: f"{TITLE_BAR}  no account, nothing is paid",
            1: STRIP[0],
            2: STRIP[1],
            3: "╭─ Data ────────────────────────────────── where is your training data? ─╮"
            "╭─ What efficientnet-lite0 needs ────────────╮",
            6: "│   Type or paste an s3:// address        no listing needed            u │"
            "│   s3://your-bucket/flowers/                │",
        },
        {3: BESIDE, 20: BESIDE, 34: BESIDE},
    ),
    Drawing(
        "data-folder",
        (120, 36),
        TO_SHAPES,
        "circles/circles-000.jpg",
        {
            1: STRIP[0],
            2: STRIP[1],
            3: "╭─ s3://jsft-sandbox-us-west-2 / data / tiny-shapes / ─────── 5 folders ─╮"
            "╭─ Does it fit efficientnet-lite0? ── ✔ yes ─╮",
            6: f"│▌  circles/                                  10 files  {'·' * 12}     │"
            "│ ✔ two classes or more    5 classes         │",
        },
        {3: BESIDE, 20: BESIDE, 34: BESIDE},
    ),
    Drawing(
        "data-folder",
        (80, 24),
        TO_SHAPES,
        "IMAGES PER CLASS",
        {
            0: TITLE_BAR,
            1: LOW_STRIP[0],
            2: LOW_STRIP[1],
            3: "╭─ s3://jsft-sandbox-us-west-2 / data / tiny-shapes / ───────────── 5 folders ─╮",
        },
        {3: BELOW, 10: BELOW, 22: BELOW},
    ),
    Drawing(
        "review",
        (120, 36),
        ("5",),
        "25 checks passed, none failed",
        {
            0: f"{TITLE_BAR}  no account, nothing is paid",
            1: STRIP[0],
            2: STRIP[1].replace(*CHECKED),
            3: "╭─ ✔ Ready to launch ──────────────────── 25 checks passed, none failed ─╮"
            "╭─ This run ─────────────────────────────────╮",
            4: "│ Checks   Request   boto3   SageMaker SDK   AWS CLI   run.yaml          │"
            "│ Job       efficientnet-lite0-              │",
            6: "│ ✔ Account   123456789012, signed in as user/sandbox                    │"
            "│ Model     efficientnet-lite0 4.0.17        │",
            33: "│                                                                        │"
            "│  L  Launch for at most $2.44               │",
        },
        {3: BESIDE, 20: BESIDE, 34: BESIDE},
    ),
    Drawing(
        "review",
        (80, 24),
        ("5",),
        "25 checks passed, none failed",
        {
            0: TITLE_BAR,
            1: LOW_STRIP[0],
            2: LOW_STRIP[1].replace(*LOW_CHECKED),
            3: "╭─ ✔ Ready to launch ────────────────────────── 25 checks passed, none failed ─╮",
            4: "│ ✔ Account   123456789012, signed in as user/sandbox                          │",
            12: "│             p  show all 25 checks                                            │",
            22: "╰─ Checks  Request  boto3  SDK  AWS CLI  run.yaml ──────────────────── v next ─╯",
        },
        {3: BELOW, 10: BELOW, 22: BELOW},
    ),
    Drawing(
        "instance",
        (120, 36),
        ("3",),
        "3 zones",
        {
            1: STRIP[0],
            2: STRIP[1],
            3: "╭─ Instance types ──────────────────────────────── GPUs any  by price ▲ ─╮"
            "╭─ ml.g4dn.12xlarge ────────────── ● chosen ─╮",
            4: "│   TYPE               GPU            RAM GB    $/H AT MOST  QUOTA BATCH │"
            "│ 4 × NVIDIA T4, 16 GB each                  │",
            9: "│ ★ ml.g4dn.xlarge     T4 16 GB           16   0.74    0.37    0/2    32 │"
            "│ Cost      $4.89/h, at most $2.44           │",
            15: "│▌● ml.g4dn.12xlarge   4 × T4 16 GB      192   4.89    2.44    0/1   128 │"
            "│ How it runs                                │",
            34: "╰─ prices of 1 Sep 2026 ────────────────────────────────────── 10 of 15 ─╯"
            "╰────────────────────────────────────────────╯",
            35: " enter choose  f GPUs, quota …  s sort  / filter  a all 225 types  tab how it runs"
            "                      ? keys  ^p find",
        },
        {3: BESIDE, 20: BESIDE, 34: BESIDE},
    ),
    Drawing(
        "instance",
        (80, 24),
        ("3",),
        "3 zones",
        {
            1: LOW_STRIP[0],
            2: LOW_STRIP[1],
            3: "╭─ Instance types ────────────────────────────────────── GPUs any  by price ▲ ─╮",
            4: "│   TYPE                 GPU              RAM GB     $/H  AT MOST  QUOTA BATCH │",
            23: " enter choose  f GPUs …  s sort  / filter                       ? keys  ^p find",
        },
        {3: BELOW, 10: BELOW, 22: BELOW},
    ),
    Drawing(
        "hyperparameters",
        (120, 36),
        ("4", "down", "down", "down"),
        "On a log scale",
        {
            1: STRIP[0],
            2: STRIP[1],
            3: "╭─ Hyperparameters ─────────────────────────────── 27 values, 2 changed ─╮"
            "╭─ learning_rate ─────────────────── number ─╮",
            4: "│   NAME                         VALUE            ALLOWED                │"
            "│ How far each step moves the weights.       │",
            6: "│ ● epochs                       10 was 5         1 to 1000              │"
            "│ Too low: it learns nothing in time.        │",
            14: "│   early_stopping               False            True, False            │"
            "│ 1e-6 ┄┄┄┄┄┄┄┄┄┄┄┄┄●┄┄┄┄┄┄┄┄┄┄┄┄┄ 1         │",
            34: "╰────────────────────────────────────────────────────────────── 4 of 27 ─╯"
            "╰────────────────────────────────────────────╯",
            35: " enter edit  x reset  c changed only  b auto batch  t tune  / search  5 review"
            "                          ? keys  ^p find",
        },
        {3: BESIDE, 20: BESIDE, 34: BESIDE},
    ),
    Drawing(
        "hyperparameters-edited",
        (80, 24),
        ("4", "down", "down", "down", "enter", "3"),
        "must be",
        {
            1: LOW_STRIP[0],
            2: LOW_STRIP[1],
            3: "╭─ Hyperparameters ──────────────────────────── 27 values, 2 changed, 1 wrong ─╮",
            5: "│ ● epochs                        10 was 5            1 to 1000                │",
            9: "│▌✖ learning_rate                 3                   0 to 1                   │",
            23: " enter keep  esc undo  ↑↓ step by 10 ×  x reset                 ? keys  ^p find",
        },
        {3: BELOW, 11: BELOW, 22: BELOW},
    ),
    Drawing(
        "settings",
        (120, 36),
        ("comma",),
        "signed in as",
        {
            0: f"{TITLE_BAR}  no account, nothing is paid",
            1: STRIP[0],
            2: STRIP[1],
            3: "╭─ Settings ────────────────────────────────────── every run gets these ─╮"
            "╭─ execution role ───────────────────────────╮",
            4: "│ Runs                                                                   │"
            "│ arn:aws:iam::123456789012:role/            │",
            35: " enter change  u type  x inherit  w keep  c check the role  esc back"
            "                                    ? keys  ^p find",
        },
        {3: BESIDE, 20: BESIDE, 34: BESIDE},
    ),
    Drawing(
        "settings",
        (80, 24),
        ("comma",),
        "execution role",
        {
            0: TITLE_BAR,
            1: LOW_STRIP[0],
            2: LOW_STRIP[1],
            3: "╭─ Settings ──────────────────────────────────────────── every run gets these ─╮",
            4: "│ Runs                                                                         │",
        },
        {3: BELOW, 12: BELOW, 22: BELOW},
    ),
)


WELCOME_DRAWINGS = (
    Drawing(
        "welcome",
        (120, 36),
        (),
        "no region is set",
        {
            0: " jsft   not signed in",
            2: r"      _      __ _",
            3: r"      (_)___ / _| |_      Fine-tune SageMaker JumpStart models from the terminal.",
            8: "╭─ How do you want to start? ────────────────────────────────────────────╮"
            "╭─ The sandbox ──────────────────────────────╮",
            9: "│ No AWS account needed                                                  │"
            "│ A pretend AWS on this machine. It trains   │",
            10: "│▌  Enter the sandbox                       ready, a model in 20 s       │"
            "│ real models, on your CPU, in seconds.      │",
            35: " enter choose  r look for credentials again  q quit"
            "                                                     ? keys  ^p find",
        },
        {8: BESIDE, 20: BESIDE, 34: BESIDE},
    ),
    Drawing(
        "welcome",
        (80, 24),
        (),
        "no region is set",
        {
            0: " jsft   not signed in",
            2: "  Fine-tune SageMaker JumpStart models from the terminal.",
            5: "╭─ How do you want to start? ──────────────────────────────────────────────────╮",
            6: "│ No AWS account needed                                                        │",
        },
        {5: BELOW, 12: BELOW, 22: BELOW},
    ),
)


SEARCH_DRAWINGS = (
    Drawing(
        "tuned",
        (120, 36),
        ("4", "down", "down", "down", "t"),
        "is tuned",
        {
            2: " efficientnet-lite0      default dataset    g5.12xlarge 4×A10G   tune 1 value          "
            "≤ $425.40  │ ● 1     –",
            3: "╭─ Hyperparameters ───────────────────────────────── 1 tuned, 2 changed ─╮"
            "╭─ learning_rate ──────────────────── tuned ─╮",
            4: "│   NAME                          VALUE                    ALLOWED       │"
            "│ How far each step moves the weights.       │",
            5: "│ Tuned · 1     10 trials, at most $425.40                               │"
            "│ Too high: the loss jumps or turns NaN.     │",
            6: "│▌↔ learning_rate                 1e-06 … 0.5  log         1e-20 to 0.5  │"
            "│ Too low: it learns nothing in time.        │",
        },
        {3: BESIDE, 20: BESIDE, 34: BESIDE},
    ),
    Drawing(
        "tuning",
        (120, 36),
        ("6", "G", "enter"),
        "d download the best",
        {
            3: "╭─ flowers-sweep ──── ✔ Completed, 12 of 12 trials, 1 stopped, 1 failed ─╮"
            "╭─ Best: t-07 ─────────────────────────── ◆ ─╮",
            4: "│   TRIAL  LOSS          LEARN RATE  BATCH SIZE  OPTIM     TIME     COST │"
            "│ loss 0.2871                                │",
            5: "│▌◆ t-07   0.2871        0.0021      64          adam     10:00    $0.25 │"
            "│                                            │",
            17: "╰─ Bayesian, minimize loss, early stopping ──────────────────── 1 of 12 ─╯"
            "╰────────────────────────────────────────────╯",
            18: "╭─ What makes a good trial ───────────────────────────────────────────────────"
            " bright: t-07, the row under the cursor ─╮",
            34: "╰───────────────────────────────────────────────────────────────────────────────────"
            " x parallel, over trials, scatter ─╯",
        },
        {3: BESIDE, 17: BESIDE, 18: (0, 119), 26: (0, 119), 34: (0, 119)},
    ),
    Drawing(
        "tuning",
        (80, 24),
        ("6", "G", "enter"),
        "matters most",
        {
            3: "╭─ flowers-sweep ────────── ✔ Completed, 12 of 12 trials, 1 stopped, 1 failed ─╮",
            12: "├─ Best: t-07 ────────────────────────────────────── $3.03 of at most $109.08 ─┤",
            22: "╰─ Bayesian, minimize loss, early stopping ────────────────────────── 1 of 12 ─╯",
        },
        {3: BELOW, 12: BELOW, 22: BELOW},
    ),
)
STILL_STRIP = (
    STRIP[0],
    " efficientnet-lite0      default dataset    g5.12xlarge 4×A10G   epochs 10, batch 128  ≤ $42.54   │ ● 1     –",
)
LOW_STILL_STRIP = (
    LOW_STRIP[0],
    " efficientnet-lite0 · default dataset · g5.12xlarge · batch 128        ≤ $42.54",
)
TO_COMPARE = ("6", *["space"] * 4, "equals_sign")
STILL_DRAWINGS = (
    Drawing(
        "compare",
        (120, 36),
        TO_COMPARE,
        "lower is better",
        {
            1: STILL_STRIP[0],
            2: STILL_STRIP[1],
            3: f"╭─ Compare 4 jobs {'─' * 68} 4 rows are alike, a shows them ─╮",
            5: f"│ What you changed{' ' * 101}│",
            7: f"│ How good it became{' ' * 99}│",
            11: f"│ What it took{' ' * 105}│",
            15: f"╰{'─' * 118}╯",
            16: f"╭─ loss by epoch {'─' * 84} lower is better ─╮",
            34: f"╰{'─' * 93} x by epoch, time, cost ─╯",
            35: " enter whole row  a all rows  m metric  c clone the best  w save CSV  y copy table"
            "                      ? keys  ^p find",
        },
        {3: (0, 119), 10: (0, 119), 20: (0, 119), 34: (0, 119)},
    ),
    Drawing(
        "compare",
        (80, 24),
        TO_COMPARE,
        "lower is better",
        {
            1: LOW_STILL_STRIP[0],
            2: LOW_STILL_STRIP[1],
            3: "╭─ Compare 4 jobs ──────────────────────────── 4 rows are alike, a shows them ─╮",
            5: "│ What you changed                                                             │",
            15: "├─ loss by epoch ──────────────────────────────────────────── lower is better ─┤",
            23: " enter whole row  a all rows  m metric  w save CSV              ? keys  ^p find",
        },
        {3: BELOW, 10: BELOW, 22: BELOW},
    ),
    Drawing(
        "help",
        (120, 36),
        ("6", "question_mark"),
        "find a key",
        {
            1: STILL_STRIP[0],
            2: STILL_STRIP[1],
        },
        {3: BESIDE, 34: BESIDE},
    ),
    Drawing(
        "help",
        (80, 24),
        ("6", "question_mark"),
        "find a key",
        {},
        {22: BELOW},
    ),
)
HELP_TITLES = {120: ("Jobs", "Acts on AWS, asks first", "Everywhere"), 80: ("Jobs", "Everywhere")}
"""Titles of the columns of the page of keys."""


def compare(drawn: Drawing, work: Work) -> None:
    """Assert that rows and bounds are those of the drawing."""
    lines = [_TIMES.sub("·" * 12, line.translate(THIN)) for line in work.lines]
    assert {number: lines[number] for number in drawn.rows} == drawn.rows
    for number, columns in drawn.bounds.items():
        assert [lines[number][column] in "╭╮╰╯│├┤" for column in columns] == [True] * len(columns)


@pytest.mark.parametrize("drawn", DRAWINGS, ids=lambda drawn: f"{drawn.name}-{drawn.size[0]}x{drawn.size[1]}")
async def test_a_screen_stands_as_it_is_drawn(drawn: Drawing, home: Home) -> None:
    async with at_work(home, drawn.size, demo=True) as work:
        await work.press(*drawn.keys)
        await work.wait_for(drawn.until)
        compare(drawn, work)


@pytest.mark.parametrize("drawn", WELCOME_DRAWINGS, ids=lambda drawn: f"{drawn.size[0]}x{drawn.size[1]}")
async def test_the_welcome_stands_as_it_is_drawn(drawn: Drawing, tmp_path: Path) -> None:
    app = still_app(None, tmp_path)
    async with app.run_test(size=drawn.size) as pilot:
        work = Work(app, pilot)
        await work.wait_for(drawn.until)
        compare(drawn, work)


@pytest.mark.parametrize(
    "drawn",
    (*SEARCH_DRAWINGS, *STILL_DRAWINGS),
    ids=lambda drawn: f"{drawn.name}-{drawn.size[0]}x{drawn.size[1]}",
)
async def test_a_screen_of_an_account_stands_as_it_is_drawn(
    drawn: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_plain_environment(monkeypatch)
    app = still_app(ORDINARY, tmp_path)
    async with app.run_test(size=drawn.size) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None)
        await work.settle()
        for key in drawn.keys:
            await pilot.press(key)
            await work.settle()
        await work.wait_for(drawn.until)
        compare(drawn, work)
        if drawn.name == "help":
            compare_help(drawn.size[0], work)


def compare_help(width: int, work: Work) -> None:
    """Assert that the page of keys has its columns, in its box, with the answers in its last line."""
    lines = [line.translate(_ONE_LINE) for line in work.lines]
    top = next(number for number, line in enumerate(lines) if "╭─ Keys of Jobs ─" in line)
    left, right = lines[top].index("╭─ Keys of Jobs"), lines[top].rindex("╮", 0, width - 2)
    titles = next(line for line in lines[top:] if "Everywhere" in line)[left:right]
    assert tuple(part for part in re.split(r"\s{3,}", titles.strip("│ ")) if part) == HELP_TITLES[width]
    answers = next(line for line in reversed(lines) if "find a key" in line)[left:right]
    assert answers.strip("│ ") == "/ find a key   esc close"
    bottom = next(number for number, line in enumerate(lines) if number > top and line[left] == "╰")
    assert all(line[left] == line[right] == "│" for line in lines[top + 1 : bottom])
