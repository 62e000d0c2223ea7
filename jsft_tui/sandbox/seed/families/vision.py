"""Define image classification, object detection, semantic segmentation and text to image."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.sandbox.seed.base import locations
from jsft_tui.sandbox.seed.base.family import Family, Metric, Scripts, ml
from jsft_tui.sandbox.seed.base.parameters import boolean, choice, integer, number, text
from jsft_tui.sandbox.seed.base.training_images import TrainingImage
from jsft_tui.sandbox.seed.families.runnable import RUNNABLE_TYPES, as_parameters, sandbox_scripts, trainer_metrics
from jsft_tui.sandbox.trainers.common import hyperparameters

TENSORFLOW = TrainingImage("tensorflow", "2.9", "py39", "tensorflow-training", "2.9-cpu-py39", "2.9-gpu-py39")
PYTORCH = TrainingImage("pytorch", "1.10.0", "py38", "pytorch-training", "1.10.0-cpu-py38", "1.10.0-gpu-py38")
MXNET = TrainingImage("mxnet", "1.9.0", "py38", "mxnet-training", "1.9.0-cpu-py38", "1.9.0-gpu-py38")

CPU_AND_ONE_GPU = ml(
    "p3.2xlarge 8xlarge 16xlarge",
    "p2.xlarge 8xlarge 16xlarge",
    "g5.xlarge",
    "g4dn.xlarge 2xlarge 4xlarge 8xlarge 16xlarge",
    "m5.xlarge 2xlarge 4xlarge 12xlarge 24xlarge",
    "c5.2xlarge 4xlarge 9xlarge 18xlarge",
)
"""Instance types of the TensorFlow image classification specs (bit-m-r101x1 v4.0.6)."""

# Spec v4.0.6 of tensorflow-ic-bit-m-r101x1-ilsvrc2012-classification-1.
_TENSORFLOW_IC_PARAMETERS = (
    choice("train_only_top_layer", "True", "False", "True"),
    integer("epochs", 5, 1, 1000),
    integer("batch_size", 32, 1, 1024),
    choice("optimizer", "adam", "adam", "sgd", "nesterov", "rmsprop", "adagrad", "adadelta"),
    number("learning_rate", 0.001, 0, 1),
    number("beta_1", 0.9, 0, 1),
    number("beta_2", 0.999, 0, 1),
    number("momentum", 0.9, 0, 1),
    number("epsilon", 1e-7, 0, 1),
    number("rho", 0.95, 0, 1),
    number("initial_accumulator_value", 0.1, 0, 1),
    choice("reinitialize_top_layer", "Auto", "Auto", "True", "False"),
    choice("early_stopping", "False", "False", "True"),
    integer("early_stopping_patience", 5, 1, 1000),
    number("early_stopping_min_delta", 0.0, 0, 1),
    number("dropout_rate", 0.2, 0, 1),
    number("regularizers_l2", 0.0001, 0, 1),
    number("label_smoothing", 0.1, 0, 1),
    choice(
        "image_resize_interpolation",
        "bilinear",
        *("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic"),
    ),
    choice("augmentation", "False", "False", "True"),
    choice(
        "augmentation_random_flip",
        "horizontal_and_vertical",
        *("horizontal_and_vertical", "horizontal", "vertical", "None"),
    ),
    number("augmentation_random_rotation", 0.2, -1, 1),
    number("augmentation_random_zoom", 0.1, -1, 1),
    choice("binary_mode", "False", "False", "True"),
    choice("eval_metric", "accuracy", "accuracy", "precision", "recall", "auc", "prc"),
    number("validation_split_ratio", 0.2, 0, 1),
    integer("random_seed", 123, 0),
)

TENSORFLOW_IC = Family(
    task="Image Classification",
    container=TENSORFLOW,
    hyperparameters=_TENSORFLOW_IC_PARAMETERS,
    metrics=(Metric("tflow-ic:val-accuracy", r"val_accuracy: ([0-9\.]+)"),),
    dataset_key=locations.SHAPES,
    instances=CPU_AND_ONE_GPU,
    default_instance="ml.p3.2xlarge",
    scripts=Scripts(
        "source-directory-tarballs/tensorflow/transfer_learning/ic/v2.1.2/sourcedir.tar.gz",
        "source-directory-tarballs/tensorflow/transfer_learning/ic/prepack/v1.1.2/sourcedir.tar.gz",
        "1.1.2",
    ),
    artifact="tensorflow-training/v3.0.0/train-{id}.tar.gz",
    incremental=True,
)


# The real spec defaults to ml.p3.2xlarge, whose quota here is zero: the sandbox's first run must work.
# The script has a key of its own: with the real family's key, every model that shares it would
# run as this one.
SANDBOX_IC = replace(
    TENSORFLOW_IC,
    hyperparameters=as_parameters(hyperparameters.IMAGE),
    metrics=trainer_metrics("tflow-ic"),
    instances=RUNNABLE_TYPES,
    default_instance="ml.g4dn.xlarge",
    scripts=sandbox_scripts("image"),
)

# Spec v3.0.25 of pytorch-ic-mobilenet-v2.
PYTORCH_IC = Family(
    task="Image Classification",
    container=PYTORCH,
    hyperparameters=(
        boolean("train_only_top_layer", "True"),
        integer("epochs", 5, 1, 1000),
        number("learning_rate", 0.001, 1e-8, 1),
        integer("batch_size", 4, 1, 1024),
        choice("reinitialize_top_layer", "Auto", "Auto", "True", "False"),
    ),
    metrics=(Metric("pytorch-ic:val-accuracy", r"val_accuracy: ([0-9\.]+)"),),
    dataset_key=locations.SHAPES,
    instances=ml("m5.xlarge", "c5.2xlarge", "m4.xlarge"),
    default_instance="ml.m5.xlarge",
    scripts=Scripts(
        "source-directory-tarballs/pytorch/transfer_learning/ic/v2.3.0/sourcedir.tar.gz",
        "source-directory-tarballs/pytorch/transfer_learning/ic/prepack/v1.1.0/sourcedir.tar.gz",
        "1.1.0",
    ),
    artifact="pytorch-training/v2.0.0/train-{id}.tar.gz",
    incremental=True,
    validation=False,
)
# Stand-in: no public source for the GPU types of the larger pytorch-ic models.
PYTORCH_IC_GPU = replace(
    PYTORCH_IC,
    instances=ml("p3.2xlarge 8xlarge 16xlarge", "g4dn.xlarge 2xlarge 4xlarge", "g5.xlarge 2xlarge"),
    default_instance="ml.p3.2xlarge",
)

# Hyperparameters and metric: developer guide, "Object Detection - TensorFlow Hyperparameters". Stand-in:
# upper bounds and instance types (the guide only says GPU, p2 and p3), script and artifact keys.
TENSORFLOW_OD = Family(
    task="Object Detection",
    container=TENSORFLOW,
    hyperparameters=(
        boolean("train_only_on_top_layer", "False"),
        integer("epochs", 5, 1, 1000),
        integer("batch_size", 3, 1, 1024),
        choice("optimizer", "adam", "adam", "sgd", "nesterov", "rmsprop", "adagrad", "adadelta"),
        number("learning_rate", 0.001, 0, 1),
        number("beta_1", 0.9, 0, 1),
        number("beta_2", 0.999, 0, 1),
        number("momentum", 0.9, 0, 1),
        number("epsilon", 1e-7, 0, 1),
        number("rho", 0.95, 0, 1),
        number("initial_accumulator_value", 0.1, 0, 1),
        choice("reinitialize_top_layer", "Auto", "Auto", "True", "False"),
        boolean("early_stopping", "False"),
        integer("early_stopping_patience", 5, 1, 1000),
        number("early_stopping_min_delta", 0.0, 0, 1),
    ),
    metrics=(Metric("validation:localization_loss", r"Val_localization=([0-9\.]+)"),),
    dataset_key=locations.BOXES,
    instances=ml("p3.2xlarge 8xlarge 16xlarge", "p2.xlarge 8xlarge 16xlarge", "g4dn.xlarge 12xlarge", "g5.xlarge"),
    default_instance="ml.p3.2xlarge",
    scripts=Scripts(
        "source-directory-tarballs/tensorflow/transfer_learning/od1/v1.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/tensorflow/transfer_learning/od1/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
    artifact="tensorflow-training/train-{id}.tar.gz",
    incremental=True,
)

_GENERATION_TWO = (
    integer("epochs", 5, 1, 1000),
    number("adam-learning-rate", 0.001, 1e-8, 1),
    integer("batch-size", 2, 1, 1024),
    boolean("train-only-top-layer", "True"),
)
"""Version 2 of the mxnet vision specs: names with dashes (mxnet-semseg-fcn-resnet50-ade v2.0.3)."""

MXNET_SEMSEG = Family(
    task="Semantic Segmentation",
    container=MXNET,
    hyperparameters=_GENERATION_TWO,
    metrics=(Metric("mxnet-semseg:val-loss", r"validation loss=([0-9\.]+)"),),
    dataset_key=locations.MASKS,
    instances=ml("p3.2xlarge 8xlarge 16xlarge", "g4dn.8xlarge 16xlarge", "m5.12xlarge 24xlarge", "c5.9xlarge 18xlarge"),
    default_instance="ml.p3.2xlarge",
    scripts=Scripts(
        "source-directory-tarballs/mxnet/transfer_learning/semseg/v2.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/mxnet/transfer_learning/semseg/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
    artifact="mxnet-training/train-{id}.tar.gz",
    incremental=True,
)

# Metric: notebook "Introduction to JumpStart - Object Detection". Stand-in: the hyperparameters are those
# of the mxnet generation, the instance types those of mxnet semantic segmentation.
MXNET_OD = replace(
    MXNET_SEMSEG,
    task="Object Detection",
    hyperparameters=_GENERATION_TWO,
    metrics=(Metric("mxnet-od:val-cross-entropy", r"Val_CrossEntropy=([0-9\.]+)"),),
    dataset_key=locations.BOXES,
    scripts=Scripts(
        "source-directory-tarballs/mxnet/transfer_learning/od/v2.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/mxnet/transfer_learning/od/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
)

# Metric: the same notebook. Stand-in: hyperparameters (those of pytorch-ic), instance types, keys.
PYTORCH_OD = Family(
    task="Object Detection",
    container=PYTORCH,
    hyperparameters=(
        boolean("train_only_top_layer", "True"),
        integer("epochs", 5, 1, 1000),
        number("learning_rate", 0.001, 1e-8, 1),
        integer("batch_size", 4, 1, 1024),
    ),
    metrics=(Metric("pytorch-od1:val-loss", r"val_loss: ([0-9\.]+)"),),
    dataset_key=locations.BOXES,
    instances=ml("p3.2xlarge 8xlarge 16xlarge", "g4dn.xlarge 2xlarge", "g5.xlarge 2xlarge"),
    default_instance="ml.p3.2xlarge",
    scripts=Scripts(
        "source-directory-tarballs/pytorch/transfer_learning/od1/v1.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/pytorch/transfer_learning/od1/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
    artifact="pytorch-training/train-{id}.tar.gz",
    incremental=True,
)

# Defaults: a public training job and the notebook "JumpStart Text to Image". Stand-in: the ranges,
# the container's version and the keys.
STABLE_DIFFUSION = Family(
    task="Text to Image",
    container=TrainingImage(
        "huggingface",
        "1.10.2",
        "py38",
        "huggingface-pytorch-training",
        gpu_tag="1.10.2-transformers4.17.0-gpu-py38-cu113-ubuntu20.04",
        transformers="4.17.0",
    ),
    hyperparameters=(
        integer("epochs", 20, 1, 1000),
        text("max_steps", "None"),
        integer("batch_size", 1, 1, 1024),
        boolean("with_prior_preservation", "False"),
        integer("num_class_images", 100, 1),
        number("learning_rate", 2e-6, 1e-8, 1),
        number("prior_loss_weight", 1.0, 0),
        boolean("center_crop", "False"),
        choice(
            "lr_scheduler",
            "constant",
            *("linear", "cosine", "cosine_with_restarts", "polynomial", "constant", "constant_with_warmup"),
        ),
        number("adam_weight_decay", 0.01, 0, 1),
        number("adam_beta1", 0.9, 0, 1),
        number("adam_beta2", 0.999, 0, 1),
        number("adam_epsilon", 1e-8, 0, 1),
        integer("gradient_accumulation_steps", 1, 1),
        number("max_grad_norm", 1.0, 0),
        integer("seed", 0, 0),
        boolean("compute_fid", "False"),
    ),
    metrics=(
        Metric("model-txt2img:train-avg-loss", r"train_avg_loss=([0-9\.]+)"),
        Metric("model-txt2img:fid-score", r"fid_score=([-+]?\d\.?\d*)"),
    ),
    dataset_key=locations.PICTURES,
    instances=ml("g4dn.2xlarge 4xlarge 8xlarge", "g5.2xlarge 4xlarge 8xlarge", "p3.2xlarge"),
    default_instance="ml.g5.2xlarge",
    scripts=Scripts(
        "source-directory-tarballs/training/txt2img/v1.0.0/sourcedir.tar.gz",
        "source-directory-tarballs/training/txt2img/prepack/v1.0.0/sourcedir.tar.gz",
        "1.0.0",
    ),
    artifact="stabilityai-training/train-{id}.tar.gz",
    validation=False,
)
