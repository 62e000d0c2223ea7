"""What each algorithm makes of unusual tables: our verdict as a table, and held against the libraries themselves.

The expected levels were had by trying: a block is what the library refuses, or what it learns nothing from.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from jsft_tui.core.catalog.task import framework_and_task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import LintReport
from jsft_tui.core.datasets.tabular.algorithms import Fault, algorithm
from tests.core.datasets.examples import report

ROWS = 60
ODD = 17
"""A row that may be unlike the others."""
MODELS = ("lightgbm", "xgboost", "catboost")
WORDS = {"B": Level.BLOCK, "W": Level.WARN, "-": Level.PASS}


@dataclass(frozen=True)
class Case:
    """A table.

    Attributes:
        name: what it shows.
        expected: a letter for LightGBM, XGBoost and CatBoost each: block, warn or -.
        labels: the targets, over and over again.
        feature: the second feature by its row.
        odd_label, odd_value: what one row has instead.
        named: whether the second feature is named in categorical_index.json.
        regression: whether the target is a number.
    """

    name: str
    expected: str
    labels: tuple[object, ...] = (0, 1)
    feature: Callable[[int], object] = lambda row: row % 7
    odd_label: str | None = None
    odd_value: str | None = None
    named: bool = False
    regression: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def body(self) -> bytes:
        """The file."""
        chance = random.Random(1)
        rows = [[self.labels[n % len(self.labels)], f"{chance.random():.3f}", self.feature(n)] for n in range(ROWS)]
        if self.odd_label is not None:
            rows[ODD][0] = self.odd_label
        if self.odd_value is not None:
            rows[ODD][2] = self.odd_value
        return "".join(f'{label},{number},"{value}"\n' for label, number, value in rows).encode()


_THREE = (0, 1, 2)
_NUMBERS = (0.1, 0.2, 0.3, 0.4)
CLASSES = (
    Case("classes 0 1", "---"),
    Case("classes 0 1 2", "---", _THREE),
    Case("classes as 0.0 1.0", "---", ("0.0", "1.0")),
    Case("classes with blanks", "---", (" 0", " 1")),
    Case("booleans as classes", "---", ("True", "False")),
    Case("classes 1 2", "BBW", (1, 2)),
    Case("classes -1 1", "WBW", (-1, 1)),
    Case("classes 0 2", "WBW", (0, 2)),
    Case("classes 0 -1", "BBW", (0, -1)),
    Case("classes 1 2 3", "BBW", (1, 2, 3)),
    Case("classes 0 2 3", "BBW", (0, 2, 3)),
    Case("classes -1 0 1", "BBW", (-1, 0, 1)),
    Case("two words as classes", "BBW", ("setosa", "virginica")),
    Case("three words as classes", "BBW", ("a", "b", "c")),
    Case("a word among classes", "BBW", _THREE, odd_label="cat"),
    Case("NA behind a blank as class", "BBW", odd_label=" NA"),
    Case("fractions as classes", "WBW", (0.5, 1.5, 2.5), feature=lambda row: row / 2),
    Case("classes beyond 64 bits", "BBW", (0, 2**65)),
    Case("one class", "BBB", (1,)),
    Case("a class missing", "WBB", odd_label=""),
    Case("NA as class", "WBB", _THREE, odd_label="NA"),
    Case("inf as class", "BBB", _THREE, odd_label="inf"),
)
FEATURES = (
    Case("words", "BBB", feature=lambda _: "red"),
    Case("dates", "BBB", feature=lambda row: f"2020-01-{row % 28 + 1:02}"),
    Case("a thousands comma", "BBB", odd_value="1,250"),
    Case("percent", "BBB", odd_value="5%"),
    Case("yes and no", "BBB", feature=lambda row: ("yes", "no")[row % 2]),
    Case("hexadecimal", "BB-", feature=lambda _: "0x1"),
    Case("NA behind a blank", "BBB", odd_value=" NA"),
    Case("a blank", "BB-", odd_value=" "),
    Case("a dash", "BB-", odd_value="-"),
    Case("na in small letters", "BB-", odd_value="na"),
    Case("inf behind a blank", "BBB", odd_value=" inf"),
    Case("blanks round numbers", "---", feature=lambda row: f" {row} "),
    Case("booleans", "---", feature=lambda row: row % 2 == 0),
    Case("booleans with a gap", "BB-", feature=lambda row: row % 2 == 0, odd_value=""),
    Case("booleans with a number", "BBB", feature=lambda row: row % 2 == 0, odd_value="1"),
    Case("beyond 64 bits", "BB-", feature=lambda row: 2**65 + row),
    Case("unsigned 64 bits", "---", feature=lambda row: 2**63 + row),
    Case("unsigned with a sign", "BB-", feature=lambda row: 2**63 + row, odd_value="-1"),
    Case("inf", "-B-", odd_value="inf"),
    Case("1e400", "-B-", odd_value="1e400"),
    Case("1e39", "-B-", odd_value="1e39"),
    Case("a gap", "---", odd_value=""),
    Case("NA", "---", odd_value="NA"),
    Case("an empty column", "---", feature=lambda _: ""),
)
CATEGORIES = (
    Case("a category", "---", named=True),
    Case("words named", "B--", feature=lambda row: ("red", "blue")[row % 2], named=True),
    Case("words and a gap named", "B-B", feature=lambda _: "red", odd_value="", named=True),
    Case("NA behind a blank named", "B--", odd_value=" NA", named=True),
    Case("booleans named", "---", feature=lambda row: row % 2 == 0, named=True),
    Case("booleans and a gap named", "B-B", feature=lambda row: row % 2 == 0, odd_value="", named=True),
    Case("fractions named", "W-B", feature=lambda row: row / 2, named=True),
    Case("a gap named", "--B", odd_value="", named=True),
    Case("inf named", "W-B", odd_value="inf", named=True),
    Case("negative named", "W--", odd_value="-3", named=True),
    Case("beyond 64 bits named", "B-B", feature=lambda row: 2**65 + row, named=True),
)
TARGETS = (
    Case("a number", "---", _NUMBERS, regression=True),
    Case("booleans as target", "---", ("True", "False"), regression=True),
    Case("words as target", "BBB", ("a", "b"), regression=True),
    Case("a word as target", "BBB", _NUMBERS, odd_label="high", regression=True),
    Case("NA behind a blank as target", "BBB", _NUMBERS, odd_label=" NA", regression=True),
    Case("NA as target", "WBB", _NUMBERS, odd_label="NA", regression=True),
    Case("inf as target", "BBB", _NUMBERS, odd_label="inf", regression=True),
    Case("1e39 as target", "BBB", _NUMBERS, odd_label="1e39", regression=True),
    Case("one number only", "WWB", (1,), regression=True),
)
CASES = (*CLASSES, *FEATURES, *CATEGORIES, *TARGETS)


def lint(case: Case, framework: str) -> LintReport:
    model = f"{framework}-{'regression' if case.regression else 'classification'}-model"
    objects = {"train/data.csv": case.body}
    if case.named:
        objects["categorical_index.json"] = b'{"cat_index_list": [2]}'
    return report(DataQuestion(framework_and_task(model)[1], model), objects)


def level(case: Case, framework: str) -> Level:
    """Return the verdict on the table, what is said of the layout left out."""
    found = [finding.level for finding in lint(case, framework).findings if "data.csv" in finding.where]
    whole = [finding.level for finding in lint(case, framework).findings if not finding.where]
    return min([*found, *whole], key=lambda level: level.badness)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_table_is_judged_for_its_algorithm(case: Case) -> None:
    for framework, letter in zip(MODELS, case.expected, strict=True):
        if case.named and framework == "xgboost":
            continue
        assert level(case, framework) is WORDS[letter], (framework, lint(case, framework).findings)


@pytest.mark.parametrize("framework", ["autogluon", "sklearn", "pytorch"])
@pytest.mark.parametrize("case", [case for case in CASES if not case.named], ids=str)
def test_no_other_algorithm_blocks_what_all_three_read(case: Case, framework: str) -> None:
    if "B" in case.expected or framework == "sklearn":
        return
    assert level(case, framework) is not Level.BLOCK


def test_every_fault_has_a_level_for_every_algorithm() -> None:
    for framework in ("lightgbm", "xgboost", "catboost", "autogluon", "pytorch", "sklearn", "something"):
        assert set(algorithm(framework).levels) == set(Fault)


# -- the libraries themselves


def data(case: Case) -> tuple[Any, Any]:
    """Return features and target as the scripts have them."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.read_csv(io.BytesIO(case.body), header=None)
    return frame.iloc[:, 1:], frame.iloc[:, :1]


def by_lightgbm(case: Case) -> bool:
    lightgbm = pytest.importorskip("lightgbm", reason="LightGBM is not installed (pip install -e '.[readers]')")
    x, y = data(case)
    classes = y.iloc[:, 0].nunique()
    values: dict[str, Any] = {"verbosity": -1, "min_data_in_leaf": 1, "objective": "binary"}
    if case.regression:
        values["objective"] = "regression"
    elif classes != 2:
        values |= {"objective": "multiclass", "num_class": classes}
    try:
        model = lightgbm.train(values, lightgbm.Dataset(x, y, categorical_feature=[1] if case.named else "auto"), 3)
    except (ValueError, lightgbm.basic.LightGBMError):
        return False
    predicted = model.predict(x)
    # The same for every row, or numbers without end: nothing was learned.
    learned = abs(predicted).max() < 1e30 and len({repr(row) for row in predicted}) > 1
    return learned or case.name in ("one number only", "one class")


def by_xgboost(case: Case) -> bool:
    xgboost = pytest.importorskip("xgboost", reason="XGBoost is not installed (pip install -e '.[readers]')")
    x, y = data(case)
    classes = y.iloc[:, 0].nunique()
    values: dict[str, Any] = {"objective": "reg:squarederror" if case.regression else "binary:logistic"}
    if not case.regression and classes != 2:
        values = {"objective": "multi:softprob", "num_class": classes}
    try:
        xgboost.train(values, xgboost.DMatrix(x, y), 3)
    except (ValueError, xgboost.core.XGBoostError):
        return False
    return True


def by_catboost(case: Case) -> bool:
    catboost = pytest.importorskip("catboost", reason="CatBoost is not installed (pip install -e '.[readers]')")
    x, y = data(case)
    named = [1] if case.named else None
    kind = catboost.CatBoostRegressor if case.regression else catboost.CatBoostClassifier
    values = {} if case.regression or y.iloc[:, 0].nunique() == 2 else {"loss_function": "MultiClass"}
    model = kind(iterations=3, verbose=0, allow_writing_files=False, **values)
    try:
        model.fit(catboost.Pool(data=x, label=y, cat_features=named))
    except (catboost.CatBoostError, OverflowError, TypeError):
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize(("place", "trains"), enumerate([by_lightgbm, by_xgboost, by_catboost]), ids=MODELS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_library_refuses_what_blocks_and_reads_the_rest(
    case: Case, place: int, trains: Callable[[Case], bool]
) -> None:
    if case.name == "one class" or (case.named and MODELS[place] == "xgboost"):
        pytest.skip("one class is trained, and learned is nothing; XGBoost reads no index")
    assert trains(case) is (case.expected[place] != "B")
