"""Define text classification, sentence pairs, question answering and sentence similarity."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.sandbox.seed.base import locations
from jsft_tui.sandbox.seed.base.family import Family, Metric, Scripts, ml
from jsft_tui.sandbox.seed.base.parameters import boolean, choice, integer, number, text
from jsft_tui.sandbox.seed.base.training_images import TrainingImage
from jsft_tui.sandbox.seed.families.runnable import (
    RUNNABLE_GPU_TYPES,
    RUNNABLE_TYPES,
    as_parameters,
    sandbox_scripts,
    trainer_metrics,
)
from jsft_tui.sandbox.seed.families.vision import TENSORFLOW
from jsft_tui.sandbox.trainers.common import hyperparameters

# Stand-in: no public source for the container's version of the Hugging Face task models.
HUGGINGFACE = TrainingImage(
    "huggingface",
    "1.10.2",
    "py38",
    "huggingface-pytorch-training",
    gpu_tag="1.10.2-transformers4.17.0-gpu-py38-cu113-ubuntu20.04",
    transformers="4.17.0",
)

ONE_TO_EIGHT_GPUS = ml(
    "p3.2xlarge 8xlarge 16xlarge",
    "p2.xlarge 8xlarge 16xlarge",
    "g4dn.xlarge 2xlarge 4xlarge 8xlarge 16xlarge",
)
"""Instance types of huggingface-spc-bert-base-cased v2.0.3."""

# Hyperparameters and metric: developer guide, "Text Classification - TensorFlow Hyperparameters".
# Stand-in: upper bounds of the integers, instance types (as image classification), keys.
TENSORFLOW_TC = Family(
    task="Text Classification",
    container=TENSORFLOW,
    hyperparameters=(
        boolean("train_only_on_top_layer", "False"),
        integer("epochs", 10, 1, 1000),
        integer("batch_size", 32, 1, 1024),
        choice("optimizer", "adam", "adamw", "adam", "sgd", "nesterov", "rmsprop", "adagrad", "adadelta"),
        number("learning_rate", 0.001, 0, 1),
        number("warmup_steps_fraction", 0.1, 0, 1),
        number("beta_1", 0.9, 0, 1),
        number("beta_2", 0.999, 0, 1),
        number("momentum", 0.9, 0, 1),
        number("epsilon", 1e-7, 0, 1),
        number("rho", 0.95, 0, 1),
        number("initial_accumulator_value", 0.0001, 0, 1),
        choice("reinitialize_top_layer", "Auto", "Auto", "True", "False"),
        boolean("early_stopping", "False"),
        integer("early_stopping_patience", 5, 1, 1000),
        number("early_stopping_min_delta", 0.0, 0, 1),
        number("dropout_rate", 0.2, 0, 1),
        number("regularizers_l2", 0.0001, 0, 1),
        number("validation_split_ratio", 0.2, 0, 1),
    ),
    metrics=(Metric("validation:accuracy", r"val_accuracy=([0-9\.]+)"),),
    dataset_key=locations.SERVICES,
    instances=ml(
        "p3.2xlarge 8xlarge 16xlarge",
        "p2.xlarge 8xlarge 16xlarge",
        "g5.xlarge",
        "g4dn.xlarge 2xlarge 4xlarge 8xlarge 16xlarge",
        "m5.xlarge 2xlarge 4xlarge 12xlarge 24xlarge",
    ),
    default_instance="ml.p3.2xlarge",
    scripts=Scripts(
        "source-directory-tarballs/tensorflow/transfer_learning/tc/v2.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/tensorflow/transfer_learning/tc/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
    artifact="tensorflow-training/train-{id}.tar.gz",
    incremental=True,
)

# Runnable, hence its own script key and a default instance type that has quota.
SANDBOX_TC = replace(
    TENSORFLOW_TC,
    hyperparameters=as_parameters(hyperparameters.TEXT),
    metrics=trainer_metrics("tflow-tc"),
    instances=RUNNABLE_TYPES,
    default_instance="ml.g4dn.xlarge",
    scripts=sandbox_scripts("text"),
)

# Stand-in: sentence pairs in TensorFlow are not in the guide; the text classification tables are used.
TENSORFLOW_SPC = replace(
    TENSORFLOW_TC,
    task="Sentence Pair Classification",
    dataset_key=locations.PAIRS,
    scripts=Scripts(
        "source-directory-tarballs/tensorflow/transfer_learning/spc/v2.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/tensorflow/transfer_learning/spc/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
)

# Spec v2.0.3 of huggingface-spc-bert-base-cased ("hugginface" is AWS's own spelling).
HUGGINGFACE_SPC_2 = Family(
    task="Sentence Pair Classification",
    container=HUGGINGFACE,
    hyperparameters=(
        integer("epochs", 3, 1, 1000),
        number("adam-learning-rate", 2e-5, 1e-8, 1),
        integer("batch-size", 8, 1, 1024),
        choice("reinitialize-top-layer", "Auto", "Auto", "True", "False"),
        boolean("train-only-top-layer", "False"),
    ),
    metrics=(Metric("hugginface-spc:eval-accuracy", r"'eval_accuracy': ([0-9\.]+)"),),
    dataset_key=locations.PAIRS,
    instances=ONE_TO_EIGHT_GPUS,
    default_instance="ml.p3.2xlarge",
    scripts=Scripts(
        "source-directory-tarballs/huggingface/transfer_learning/spc/v2.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/huggingface/transfer_learning/spc/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
    artifact="huggingface-training/train-{id}.tar.gz",
    incremental=True,
)

# Stand-in: no public spec of version 3; the later generation's spelling of the same names, as in
# pytorch-ic-mobilenet-v2 v3.0.25.
HUGGINGFACE_SPC = replace(
    HUGGINGFACE_SPC_2,
    hyperparameters=(
        integer("epochs", 3, 1, 1000),
        number("learning_rate", 2e-5, 1e-8, 1),
        integer("batch_size", 8, 1, 1024),
        choice("reinitialize_top_layer", "Auto", "Auto", "True", "False"),
        boolean("train_only_top_layer", "False"),
    ),
)

# Stand-in: no public spec; the sentence-pair parameters, under the task's own keys.
HUGGINGFACE_TC = replace(
    HUGGINGFACE_SPC,
    task="Text Classification",
    metrics=(
        Metric("huggingface-tc:eval-accuracy", r"'eval_accuracy': ([0-9\.]+)"),
        Metric("huggingface-tc:eval-f1", r"'eval_f1': ([0-9\.]+)"),
    ),
    dataset_key=locations.SERVICES,
    scripts=Scripts(
        "source-directory-tarballs/huggingface/transfer_learning/tc/v2.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/huggingface/transfer_learning/tc/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
)

# Stand-in: no public spec of version 3; batch size as in pytorch-eqa-bert-base-cased v1.0.0.
HUGGINGFACE_EQA = replace(
    HUGGINGFACE_SPC,
    task="Question Answering",
    hyperparameters=(
        integer("epochs", 3, 1, 1000),
        number("learning_rate", 2e-5, 1e-8, 1),
        integer("batch_size", 4, 1, 1024),
        choice("reinitialize_top_layer", "Auto", "Auto", "True", "False"),
        boolean("train_only_top_layer", "False"),
    ),
    metrics=(Metric("huggingface-eqa:eval-loss", r"'eval_loss': ([0-9\.]+)"),),
    dataset_key=locations.QUESTIONS,
    scripts=Scripts(
        "source-directory-tarballs/huggingface/transfer_learning/eqa/v2.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/huggingface/transfer_learning/eqa/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
)

# Hyperparameters and default type: spec v1.0.0 of pytorch-eqa-bert-base-cased, which has no isolation, no
# prepacked script, no metrics and no default dataset. Stand-in: the other types, the container, the dataset.
PYTORCH_EQA = Family(
    task="Question Answering",
    container=TrainingImage("pytorch", "1.5.0", "py3", "pytorch-training", "1.5.0-cpu-py3", "1.5.0-gpu-py3"),
    hyperparameters=(
        integer("epochs", 3, 1, 1000),
        number("adam-learning-rate", 2e-5, 1e-8, 1),
        integer("batch-size", 4, 1, 1024),
    ),
    metrics=(),
    dataset_key=locations.QUESTIONS,
    instances=ml("p2.xlarge", "p3.2xlarge", "g4dn.xlarge 2xlarge"),
    default_instance="ml.p2.xlarge",
    scripts=Scripts("source-directory-tarballs/pytorch/transfer_learning/eqa/v1.0.0/sourcedir.tar.gz"),
    artifact="pytorch-training/train-{id}.tar.gz",
    isolated=False,
)

# Stand-in: no public spec; the job builds a nearest-neighbor index (notebook "Text Embedding and
# Sentence Similarity"), so there are no epochs and no learning rate.
SENTENCE_SIMILARITY = Family(
    task="Sentence Similarity",
    container=HUGGINGFACE,
    hyperparameters=(
        integer("batch_size", 32, 1, 1024),
        text("max_seq_length", "None"),
        boolean("store_text_with_embedding", "True"),
    ),
    metrics=(),
    dataset_key=locations.SENTENCES,
    instances=ml("g4dn.xlarge 2xlarge", "g5.xlarge 2xlarge", "p3.2xlarge"),
    default_instance="ml.g5.2xlarge",
    scripts=Scripts(
        "source-directory-tarballs/huggingface/transfer_learning/sentencesimilarity/v1.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/huggingface/transfer_learning/sentencesimilarity/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
    artifact="huggingface-training/train-{id}.tar.gz",
    validation=False,
)

# Runnable: their own script keys, a default instance type that has quota, and more of the metrics that Hugging Face's
# Trainer prints.
SANDBOX_SPC = replace(
    HUGGINGFACE_SPC,
    hyperparameters=as_parameters(hyperparameters.PAIRS),
    metrics=(
        *HUGGINGFACE_SPC.metrics,
        Metric("hugginface-spc:eval-loss", r"'eval_loss': ([0-9\.]+)"),
        Metric("hugginface-spc:train-loss", r"'loss': ([0-9\.]+)"),
    ),
    instances=RUNNABLE_GPU_TYPES,
    default_instance="ml.g4dn.xlarge",
    scripts=sandbox_scripts("pairs"),
)
SANDBOX_EQA = replace(
    HUGGINGFACE_EQA,
    hyperparameters=as_parameters(hyperparameters.QUESTIONS),
    metrics=(
        *HUGGINGFACE_EQA.metrics,
        Metric("huggingface-eqa:eval-exact-match", r"'eval_exact_match': ([0-9\.]+)"),
        Metric("huggingface-eqa:train-loss", r"'loss': ([0-9\.]+)"),
    ),
    instances=RUNNABLE_GPU_TYPES,
    default_instance="ml.g4dn.xlarge",
    scripts=sandbox_scripts("questions"),
)
SANDBOX_SIMILARITY = replace(
    SENTENCE_SIMILARITY,
    hyperparameters=as_parameters(hyperparameters.SIMILARITY),
    metrics=(Metric("sentencesimilarity:val-recall", r"val_recall: ([0-9\.]+)"),),
    instances=RUNNABLE_GPU_TYPES,
    default_instance="ml.g4dn.xlarge",
    scripts=sandbox_scripts("similarity"),
)
