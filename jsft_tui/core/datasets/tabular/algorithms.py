"""Define how severe each fault of a table is for each tabular algorithm.

Sources, by the letters in the table:
T: tried with the library (LightGBM 4.7, XGBoost 3.2, CatBoost 1.2, scikit-learn 1.9), data read with pandas 3.1;
S: public copies of JumpStart's LightGBM and CatBoost scripts (`num_class` is the number of distinct labels; CatBoost
   uses the target unchanged);
P: only documented (developer guide: lightgbm, catboost, tabtransformer, autogluon-tabular), or unknown.
What a library refuses or cannot learn from is a block; what is only documented is a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.parsers.csv_values import CellKind


class Fault(Enum):
    """Something that an algorithm may not support."""

    WORD_CLASS = auto()
    FRACTION_CLASS = auto()
    CLASS_PAIR = auto()
    """Two classes that are not 0 and 1."""
    ONE_SIDED_PAIR = auto()
    """Two classes, both above 0 or both not."""
    CLASS_NUMBERS = auto()
    """Three classes or more that are not 0, 1, 2, ..."""
    MISSING_CLASS = auto()
    INFINITE_CLASS = auto()
    WORD_TARGET = auto()
    MISSING_TARGET = auto()
    INFINITE_TARGET = auto()
    LARGE_TARGET = auto()
    CONSTANT_TARGET = auto()
    CONSTANT_FEATURES = auto()
    """No feature differs between rows."""

    TEXT = auto()
    MIXED = auto()
    """Booleans among numbers."""
    BOOLEAN_GAP = auto()
    HUGE = auto()
    GAP = auto()
    INFINITE = auto()
    LARGE = auto()

    CATEGORY_TEXT = auto()
    CATEGORY_GAP = auto()
    CATEGORY_FRACTION = auto()
    CATEGORY_NEGATIVE = auto()
    CATEGORY_HUGE = auto()


_LEVELS = {"B": Level.BLOCK, "W": Level.WARN, "-": Level.PASS}
_ORDER = ("lightgbm", "xgboost", "catboost", "autogluon", "tabtransformer", "sklearn", "")
# B: block, W: warn, -: pass; the last column is for an unknown algorithm. XGBoost and scikit-learn read no index, so
# they have no categorical columns.
_VERDICTS: Mapping[Fault, str] = {
    #                         LGB XGB CAT AG  TT  SK  ?     source
    Fault.WORD_CLASS: "       B   B   W   W   W   W   W",  # T: LGB XGB CAT SK, S: CAT, P: the rest
    Fault.FRACTION_CLASS: "   W   B   W   W   W   B   W",  # T: LGB (cut off) XGB CAT SK
    Fault.CLASS_PAIR: "       W   B   W   W   W   W   W",  # T: LGB XGB CAT SK, P: 0 and 1 are documented
    Fault.ONE_SIDED_PAIR: "   B   B   W   W   W   W   W",  # T: LGB predicts one number for every row
    Fault.CLASS_NUMBERS: "    B   B   W   W   W   W   W",  # T, S: "Label must be in [0, num_class)"
    Fault.MISSING_CLASS: "    W   B   B   W   W   B   W",  # T: LGB reads it as 0
    Fault.INFINITE_CLASS: "   B   B   B   W   W   B   W",  # T
    Fault.WORD_TARGET: "      B   B   B   B   B   B   B",  # T
    Fault.MISSING_TARGET: "   W   B   B   W   W   B   W",  # T: LGB reads it as 0
    Fault.INFINITE_TARGET: "  B   B   B   W   W   B   W",  # T: LGB predicts the same for every row
    Fault.LARGE_TARGET: "     B   B   B   -   W   -   -",  # T
    Fault.CONSTANT_TARGET: "  W   W   B   W   W   W   W",  # T: CAT "All train targets are equal"
    Fault.CONSTANT_FEATURES: "W   W   B   W   W   W   W",  # T: CAT "All features are either constant or ignored"
    Fault.TEXT: "             B   B   B   -   W   B   W",  # T, P: TT
    Fault.MIXED: "            B   B   B   -   W   B   W",  # T
    Fault.BOOLEAN_GAP: "      B   B   -   -   W   -   -",  # T: SK by the gap
    Fault.HUGE: "             B   B   -   -   W   -   -",  # T
    Fault.GAP: "              -   -   -   -   -   B   -",  # T
    Fault.INFINITE: "         -   B   -   W   W   B   W",  # T
    Fault.LARGE: "            -   B   -   -   -   -   -",  # T
    Fault.CATEGORY_TEXT: "    B   -   -   -   W   -   W",  # T, P: TT ("whole numbers from 0 on")
    Fault.CATEGORY_GAP: "     -   -   B   -   -   -   -",  # T: "cat_features must be integer or string"
    Fault.CATEGORY_FRACTION: "W   -   B   -   W   -   W",  # T: LGB cuts it off, P: LGB TT
    Fault.CATEGORY_NEGATIVE: "W   -   -   -   W   -   W",  # T: LGB reads it as missing, P: LGB TT
    Fault.CATEGORY_HUGE: "    B   -   B   -   W   -   W",  # T
}


@dataclass(frozen=True)
class Algorithm:
    """A tabular algorithm.

    Attributes:
        name: its name in messages.
        levels: the level of each fault.
        reads_index: whether it supports categorical_index.json.
        one_file: whether its data is documented as one data.csv per folder.
        numbers_too: kinds of text that it reads as numbers or missing values (tried).
    """

    name: str
    levels: Mapping[Fault, Level]
    reads_index: bool = True
    one_file: bool = False
    numbers_too: frozenset[CellKind] = frozenset()

    def level(self, fault: Fault) -> Level:
        """Return the level of a fault."""
        return self.levels[fault]


def _levels(key: str) -> Mapping[Fault, Level]:
    place = _ORDER.index(key)
    return {fault: _LEVELS[verdicts.split()[place]] for fault, verdicts in _VERDICTS.items()}


UNKNOWN = Algorithm("the algorithm", _levels(""))
_BY_FRAMEWORK = {
    "lightgbm": Algorithm("LightGBM", _levels("lightgbm")),
    "xgboost": Algorithm("XGBoost", _levels("xgboost"), reads_index=False, one_file=True),
    "catboost": Algorithm(
        "CatBoost", _levels("catboost"), numbers_too=frozenset({CellKind.HEXADECIMAL, CellKind.BLANK})
    ),
    "autogluon": Algorithm("AutoGluon", _levels("autogluon")),
    "pytorch": Algorithm("TabTransformer", _levels("tabtransformer")),
    "sklearn": Algorithm("scikit-learn", _levels("sklearn"), reads_index=False, one_file=True),
}


def algorithm(framework: str) -> Algorithm:
    """Return the algorithm of a framework, the first part of a model id."""
    return _BY_FRAMEWORK.get(framework, UNKNOWN)
