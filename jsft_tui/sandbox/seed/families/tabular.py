"""Define tabular classification and regression: gradient boosting, linear models, tabular networks, ensembles."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.sandbox.seed.base import locations
from jsft_tui.sandbox.seed.base.family import Family, Metric, Scripts, ml
from jsft_tui.sandbox.seed.base.parameters import boolean, choice, integer, number, text
from jsft_tui.sandbox.seed.base.training_images import Registry, TrainingImage
from jsft_tui.sandbox.seed.families.runnable import as_parameters, sandbox_scripts, trainer_metrics
from jsft_tui.sandbox.trainers.common import hyperparameters

_PYTORCH = TrainingImage("pytorch", "1.9.0", "py38", "pytorch-training", "1.9.0-cpu-py38", "1.9.0-gpu-py38")
# The public specs pin both built-in images by digest; the tags are those of AWS's registry pages.
_SKLEARN = TrainingImage(
    "sklearn",
    "1.2-1",
    "py3",
    "sagemaker-scikit-learn",
    "1.2-1-cpu-py3",
    registry=Registry.BUILT_IN,
)
_XGBOOST = TrainingImage("xgboost", "1.7-1", "py3", "sagemaker-xgboost", "1.7-1", registry=Registry.BUILT_IN)
_AUTOGLUON = TrainingImage("autogluon", "0.4.3", "py38", "autogluon-training", "0.4.3-cpu-py38", "0.4.3-gpu-py38")

_CPU_TYPES = ml("m5.xlarge 2xlarge 4xlarge 12xlarge 24xlarge", "c5.2xlarge 4xlarge 9xlarge 18xlarge")
_TINY = 1e-20
"""The lower bound that the public specs use for "greater than zero"."""


def _tarball(name: str, task: str, version: str, prepacked: str) -> Scripts:
    """Return the script keys of families whose keys contain algorithm and task."""
    folder = f"source-directory-tarballs/{name}/transfer_learning/{task}"
    return Scripts(
        f"{folder}/v{version}/sourcedir.tar.gz", f"{folder}/prepack/v{prepacked}/sourcedir.tar.gz", prepacked
    )


# Spec v2.1.6 of lightgbm-classification-model.
LIGHTGBM_CLASSIFICATION = Family(
    task="Classification",
    container=_PYTORCH,
    hyperparameters=(
        integer("num_boost_round", 5000, 1, 100_000),
        integer("early_stopping_rounds", 30),
        text("metric", "auto"),
        number("learning_rate", 0.009, _TINY),
        integer("num_leaves", 67, 2, 131_072),
        number("feature_fraction", 0.74, _TINY, 1),
        number("bagging_fraction", 0.53, _TINY, 1),
        integer("bagging_freq", 5, 0, 100_000),
        integer("max_depth", 11),
        integer("min_data_in_leaf", 26, 0),
        number("max_delta_step", 0.0),
        number("lambda_l1", 0.0, 0.0),
        number("lambda_l2", 0.0, 0.0),
        choice("boosting", "gbdt", "gbdt", "rf", "dart", "goss"),
        number("min_gain_to_split", 0.0, 0.0),
        number("scale_pos_weight", 1.0, _TINY),
        choice("tree_learner", "serial", "serial", "feature", "data", "voting"),
        number("feature_fraction_bynode", 1.0, _TINY, 1),
        boolean("is_unbalance", "False"),
        integer("max_bin", 255, 2),
        integer("num_threads", 0, 0),
        integer("verbosity", 1),
        boolean("use_dask", "False"),
    ),
    metrics=(Metric("lightgbm-classification:multi-log-loss", r"multi_logloss: ([0-9\.]+)"),),
    dataset_key=locations.POINTS,
    instances=(*_CPU_TYPES, "ml.m4.16xlarge"),
    default_instance="ml.m5.12xlarge",
    scripts=_tarball("lightgbm", "classification", "2.2.0", "1.1.1"),
    artifact="lightgbm-training/train-{id}.tar.gz",
    incremental=True,
    fine_tuning=False,
)
# Metric: developer guide, "LightGBM". Stand-in: regression has the classification's parameters here.
LIGHTGBM_REGRESSION = replace(
    LIGHTGBM_CLASSIFICATION,
    task="Regression",
    metrics=(Metric("lightgbm-regression:rmse", r"rmse: ([0-9\.]+)"),),
    dataset_key=locations.POINTS_REGRESSION,
    scripts=_tarball("lightgbm", "regression", "2.2.0", "1.1.1"),
)

# Spec v2.1.6 of catboost-classification-model.
CATBOOST_CLASSIFICATION = replace(
    LIGHTGBM_CLASSIFICATION,
    hyperparameters=(
        integer("iterations", 500, 1, 100_000),
        integer("early_stopping_rounds", 5, 1, 5000),
        text("eval_metric", "Auto"),
        number("learning_rate", 0.03, _TINY, 1),
        integer("depth", 6, 1, 16),
        integer("l2_leaf_reg", 3, 1, 10_000),
        number("random_strength", 1.0, _TINY, 10),
        integer("max_leaves", 31, 2),
        number("rsm", 1, _TINY, 1),
        choice("sampling_frequency", "PerTreeLevel", "PerTreeLevel", "PerTree"),
        integer("min_data_in_leaf", 1, 1),
        number("bagging_temperature", 1, 0),
        choice("boosting_type", "Auto", "Auto", "Ordered", "Plain"),
        number("scale_pos_weight", 1.0, _TINY),
        text("max_bin", "Auto"),
        choice("grow_policy", "SymmetricTree", "SymmetricTree", "Depthwise", "Lossguide"),
        integer("random_seed", 0, 0),
        integer("thread_count", -1, -1),
        integer("verbose", 1, 1),
    ),
    metrics=(Metric("catboost-classification:multi-logloss", r"multi_logloss: ([0-9\.]+)"),),
    scripts=_tarball("catboost", "classification", "2.1.0", "1.1.0"),
    artifact="catboost-training/train-{id}.tar.gz",
)
# Metric: developer guide, "CatBoost". Stand-in: regression has the classification's parameters here.
CATBOOST_REGRESSION = replace(
    CATBOOST_CLASSIFICATION,
    task="Regression",
    metrics=(Metric("catboost-regression:best-test", r"bestTest = ([0-9\.]+)"),),
    dataset_key=locations.POINTS_REGRESSION,
    scripts=_tarball("catboost", "regression", "2.1.0", "1.1.0"),
)

# Spec v2.1.1 of xgboost-classification-model: no metrics, no prepacked script although it is isolated.
XGBOOST_CLASSIFICATION = Family(
    task="Classification",
    container=_XGBOOST,
    hyperparameters=(
        integer("num_boost_round", 5000, 1, 700_000),
        integer("early_stopping_rounds", 30, 1, 5000),
        number("learning_rate", 0.3, _TINY, 1),
        number("gamma", 0, 0),
        number("min_child_weight", 1, 0),
        integer("max_depth", 6, 1),
        number("subsample", 1, _TINY, 1),
        number("colsample_bytree", 1, _TINY, 1),
        number("reg_lambda", 1, 0, 200),
        number("reg_alpha", 0, 0, 200),
    ),
    metrics=(),
    dataset_key=locations.POINTS,
    instances=(*_CPU_TYPES, "ml.c4.8xlarge"),
    default_instance="ml.m5.4xlarge",
    scripts=Scripts("source-directory-tarballs/training/xgboost-classification/v1.3.1/sourcedir.tar.gz"),
    artifact="xgboost-training/train-{id}.tar.gz",
    incremental=True,
    fine_tuning=False,
)
# Stand-in: no public spec of the regression counterpart.
XGBOOST_REGRESSION = replace(
    XGBOOST_CLASSIFICATION,
    task="Regression",
    dataset_key=locations.POINTS_REGRESSION,
    scripts=Scripts("source-directory-tarballs/training/xgboost-regression/v1.3.1/sourcedir.tar.gz"),
)

# Runnable: their own script keys, and the metrics that XGBoost prints every round (the real specs have none).
SANDBOX_XGBOOST_CLASSIFICATION = replace(
    XGBOOST_CLASSIFICATION,
    hyperparameters=as_parameters(hyperparameters.BOOSTING),
    metrics=(
        Metric("xgboost-classification:validation-logloss", r"validation-m?logloss:([0-9\.]+)"),
        Metric("xgboost-classification:train-logloss", r"train-m?logloss:([0-9\.]+)"),
    ),
    scripts=sandbox_scripts("boosting-classification"),
)
SANDBOX_XGBOOST_REGRESSION = replace(
    XGBOOST_REGRESSION,
    hyperparameters=as_parameters(hyperparameters.BOOSTING),
    metrics=(
        Metric("xgboost-regression:validation-rmse", r"validation-rmse:([0-9\.]+)"),
        Metric("xgboost-regression:train-rmse", r"train-rmse:([0-9\.]+)"),
    ),
    scripts=sandbox_scripts("boosting-regression"),
)

# Spec v1.3.1 of sklearn-classification-linear.
_SKLEARN_LINEAR = Family(
    task="Classification",
    container=_SKLEARN,
    hyperparameters=(
        number("tol", 0.0001, _TINY, 50),
        choice("penalty", "l2", "l1", "l2", "elasticnet", "none"),
        number("alpha", 0.0001, _TINY, 999),
        number("l1_ratio", 0.15, 0, 1),
    ),
    metrics=(),
    dataset_key=locations.POINTS,
    instances=(*_CPU_TYPES, "ml.c4.8xlarge"),
    default_instance="ml.m5.4xlarge",
    scripts=Scripts("source-directory-tarballs/training/sklearn-classification/v2.0.1/sourcedir.tar.gz"),
    artifact="sklearn-training/train-{id}.tar.gz",
    fine_tuning=False,
)
# Runnable: its own script key, and the metrics that the sandbox's trainer prints (the real spec has none).
SANDBOX_LINEAR = replace(
    _SKLEARN_LINEAR,
    hyperparameters=as_parameters(hyperparameters.LINEAR),
    metrics=trainer_metrics("sklearn-classification"),
    scripts=sandbox_scripts("tabular"),
)
# Stand-in: no public spec of the regression counterpart.
SKLEARN_REGRESSION = replace(
    _SKLEARN_LINEAR,
    task="Regression",
    dataset_key=locations.POINTS_REGRESSION,
    scripts=Scripts("source-directory-tarballs/training/sklearn-regression/v2.0.1/sourcedir.tar.gz"),
)

SANDBOX_LINEAR_REGRESSION = replace(
    SKLEARN_REGRESSION,
    hyperparameters=as_parameters(hyperparameters.LINEAR),
    metrics=tuple(
        Metric(f"sklearn-regression:{name.replace('_', '-')}", rf"{name}: ([0-9\.]+)")
        for name in ("val_rmse", "train_rmse", "val_loss", "train_loss")
    ),
    scripts=sandbox_scripts("regression"),
)

# Hyperparameters and metric: developer guide, "TabTransformer". Stand-in: types, keys.
TABTRANSFORMER_CLASSIFICATION = Family(
    task="Classification",
    container=_PYTORCH,
    hyperparameters=(
        integer("n_epochs", 5, 1, 1000),
        integer("patience", 10, 2, 60),
        number("learning_rate", 0.001, _TINY, 1),
        integer("batch_size", 256, 1, 2048),
        choice("input_dim", "32", "16", "32", "64", "128", "256", "512"),
        integer("n_blocks", 4, 1, 12),
        number("attn_dropout", 0.2, 0, 1),
        number("mlp_dropout", 0.1, 0, 1),
        number("frac_shared_embed", 0.25, 0, 1),
    ),
    metrics=(Metric("tabtransformer-classification:accuracy", r"metrics=\{'accuracy': (\S+)\}"),),
    dataset_key=locations.POINTS,
    instances=ml(
        "p3.2xlarge",
        "g4dn.xlarge 2xlarge",
        "g5.xlarge 2xlarge",
        "m5.xlarge 2xlarge 4xlarge 12xlarge",
        "c5.2xlarge 4xlarge",
    ),
    default_instance="ml.p3.2xlarge",
    scripts=_tarball("pytorch", "tabtransformerclassification", "1.0.0", "1.0.0"),
    artifact="pytorch-training/train-{id}.tar.gz",
    incremental=True,
    fine_tuning=False,
)
TABTRANSFORMER_REGRESSION = replace(
    TABTRANSFORMER_CLASSIFICATION,
    task="Regression",
    metrics=(Metric("tabtransformer-regression:r2", r"metrics=\{'r2': (\S+)\}"),),
    dataset_key=locations.POINTS_REGRESSION,
    scripts=_tarball("pytorch", "tabtransformerregression", "1.0.0", "1.0.0"),
)

# Spec v1.1.1 of autogluon-classification-ensemble: no isolation, no prepacked script, no max_run. Stand-in:
# the default dataset (the real spec names none).
AUTOGLUON_CLASSIFICATION = Family(
    task="Classification",
    container=_AUTOGLUON,
    hyperparameters=(
        text("eval_metric", "auto"),
        choice(
            "presets",
            "medium_quality",
            *("best_quality", "high_quality", "good_quality", "medium_quality"),
            *("optimize_for_deployment", "interpretable"),
        ),
        boolean("auto_stack", "False"),
        choice("num_bag_folds", "0", "0", "2", "3", "4", "5", "6", "7", "8", "9", "10"),
        integer("num_bag_sets", 1, 1),
        integer("num_stack_levels", 0, 0, 3),
        boolean("refit_full", "False"),
        boolean("set_best_to_refit_full", "False"),
        boolean("save_space", "False"),
        integer("verbosity", 2, 0, 4),
    ),
    metrics=(),
    dataset_key=locations.POINTS,
    instances=(*_CPU_TYPES, *ml("p2.xlarge", "p3.2xlarge", "g4dn.xlarge")),
    default_instance="ml.p3.2xlarge",
    scripts=Scripts("source-directory-tarballs/autogluon/transfer_learning/classification/v1.0.2/sourcedir.tar.gz"),
    artifact="autogluon-training/train-{id}.tar.gz",
    fine_tuning=False,
    isolated=False,
)
# Stand-in: no public spec of the regression counterpart.
AUTOGLUON_REGRESSION = replace(
    AUTOGLUON_CLASSIFICATION,
    task="Regression",
    dataset_key=locations.POINTS_REGRESSION,
    scripts=Scripts("source-directory-tarballs/autogluon/transfer_learning/regression/v1.0.2/sourcedir.tar.gz"),
)
