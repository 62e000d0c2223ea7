"""Combinations that the libraries of tabular models refuse or ignore."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.hyperparameters.conflicts.conflict import Conflict, Values, is_true, number_of

# -- LightGBM (tried with lightgbm 4: each raises LightGBMError or ends the training)


def _forest(values: Values) -> Iterator[Conflict]:
    if values.get("boosting") != "rf":
        return
    frequency, rows, columns = (number_of(values, n) for n in ("bagging_freq", "bagging_fraction", "feature_fraction"))
    samples_rows = bool(frequency) and rows is not None and 0 < rows < 1
    samples_columns = columns is not None and 0 < columns < 1
    if not samples_rows and not samples_columns:
        names = ("boosting", "bagging_freq", "bagging_fraction", "feature_fraction")
        message = "boosting rf needs bagging_freq above 0 with bagging_fraction below 1, or feature_fraction below 1."
        yield Conflict(names, message, "Set bagging_freq to 1 and bagging_fraction to 0.8.")


def _gradient_sampling(values: Values) -> Iterator[Conflict]:
    frequency, rows = number_of(values, "bagging_freq"), number_of(values, "bagging_fraction")
    if values.get("boosting") == "goss" and frequency and rows is not None and rows < 1:
        names = ("boosting", "bagging_freq", "bagging_fraction")
        message = f"boosting goss takes no bagging, but bagging_freq is {frequency:g} and bagging_fraction {rows:g}."
        yield Conflict(names, message, "Set bagging_freq to 0.")


def _one_balance(values: Values) -> Iterator[Conflict]:
    if is_true(values, "is_unbalance") and number_of(values, "scale_pos_weight") not in (None, 1.0):
        message = "is_unbalance is True and scale_pos_weight is not 1; LightGBM takes one of them."
        yield Conflict(
            ("is_unbalance", "scale_pos_weight"), message, "Set is_unbalance to False or scale_pos_weight to 1."
        )


def _leaves_of_depth(values: Values) -> Iterator[Conflict]:
    leaves, depth = number_of(values, "num_leaves"), number_of(values, "max_depth")
    if leaves and depth and 0 < depth < 20 and leaves > 2**depth:
        message = f"num_leaves {leaves:g} has no effect: a tree of max_depth {depth:g} has at most {2**depth:g}."
        yield Conflict(("num_leaves", "max_depth"), message, f"Set num_leaves to {2**depth:g}.", is_certain=False)


def _bagging(values: Values) -> Iterator[Conflict]:
    fraction = number_of(values, "bagging_fraction")
    if fraction is not None and fraction < 1 and number_of(values, "bagging_freq") == 0:
        message = f"bagging_fraction {fraction:g} has no effect while bagging_freq is 0."
        yield Conflict(("bagging_fraction", "bagging_freq"), message, "Set bagging_freq to 1.", is_certain=False)


def _dart(values: Values) -> Iterator[Conflict]:
    if values.get("boosting") == "dart" and number_of(values, "early_stopping_rounds"):
        message = "early_stopping_rounds has no effect with boosting dart: all num_boost_round rounds are trained."
        yield Conflict(("boosting", "early_stopping_rounds"), message, "Lower num_boost_round.", is_certain=False)


# -- CatBoost (tried with catboost 1.2)


def _leaves(values: Values) -> Iterator[Conflict]:
    policy, leaves = values.get("grow_policy"), number_of(values, "max_leaves")
    if policy is not None and policy != "Lossguide" and leaves not in (None, 31.0):
        message = f"max_leaves works only with grow_policy Lossguide, which is {policy}."
        yield Conflict(("grow_policy", "max_leaves"), message, "Set max_leaves to 31, or grow_policy to Lossguide.")
    if policy in ("Depthwise", "Lossguide") and values.get("boosting_type") == "Ordered":
        message = f"boosting_type Ordered does not work with grow_policy {policy}."
        yield Conflict(("grow_policy", "boosting_type"), message, "Set boosting_type to Plain.")
    if policy == "Lossguide" and values.get("sampling_frequency") == "PerTreeLevel":
        message = "sampling_frequency PerTreeLevel does not work with grow_policy Lossguide."
        names = ("grow_policy", "sampling_frequency")
        yield Conflict(names, message, "Set sampling_frequency to PerTree.", is_certain=False)


def _depth(values: Values) -> Iterator[Conflict]:
    depth, policy = number_of(values, "depth"), values.get("grow_policy")
    if depth is not None and depth > 16 and policy in ("SymmetricTree", "Depthwise"):
        message = f"depth is {depth:g}; CatBoost takes at most 16 with grow_policy {policy}."
        yield Conflict(("depth", "grow_policy"), message, "Set depth to 16 or less.")
    if depth is not None and depth % 1:
        yield Conflict(("depth",), f"depth is {depth:g}; it must be whole.", "Set depth to a whole number.")


def _threads(values: Values) -> Iterator[Conflict]:
    # JumpStart's CatBoost script (public copy) raises ValueError for 0.
    if "grow_policy" in values and number_of(values, "thread_count") == 0:
        yield Conflict(("thread_count",), "thread_count is 0, which the script refuses.", "Set thread_count to -1.")


# -- AutoGluon (TabularPredictor.fit: set_best_to_refit_full)


def _refit(values: Values) -> Iterator[Conflict]:
    if is_true(values, "set_best_to_refit_full") and values.get("refit_full", "").lower() == "false":
        names = ("set_best_to_refit_full", "refit_full")
        yield Conflict(names, "set_best_to_refit_full is True, but refit_full is False.", "Set refit_full to True.")


def _stacking(values: Values) -> Iterator[Conflict]:
    bags = number_of(values, "num_bag_folds")
    if (number_of(values, "num_stack_levels") or 0) > 0 and bags == 0 and not is_true(values, "auto_stack"):
        names = ("num_stack_levels", "num_bag_folds")
        message = "num_stack_levels has no effect without bagging."
        yield Conflict(names, message, "Set num_bag_folds to 5 or more.", is_certain=False)


def _bag_sets(values: Values) -> Iterator[Conflict]:
    if (number_of(values, "num_bag_sets") or 0) > 1 and number_of(values, "num_bag_folds") == 0:
        names = ("num_bag_sets", "num_bag_folds")
        message = "num_bag_sets has no effect without bagging."
        yield Conflict(names, message, "Set num_bag_folds to 5 or more.", is_certain=False)


# -- scikit-learn (SGDClassifier: l1_ratio is used with elasticnet only)


def _elastic(values: Values) -> Iterator[Conflict]:
    penalty = values.get("penalty")
    if penalty is not None and penalty != "elasticnet" and "l1_ratio" in values:
        message = f"l1_ratio has no effect with penalty {penalty}."
        yield Conflict(("l1_ratio",), message, "Set penalty to elasticnet.", is_certain=False)


RULES = (
    _forest,
    _gradient_sampling,
    _one_balance,
    _leaves_of_depth,
    _bagging,
    _dart,
    _leaves,
    _depth,
    _threads,
    _refit,
    _stacking,
    _bag_sets,
    _elastic,
)
