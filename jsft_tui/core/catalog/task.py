"""Machine-learning tasks of JumpStart models: one row each, with all that depends on the task.

The data format of a task is declared by the module that checks it (`core/datasets`).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum


class BatchMeaning(Enum):
    """What the number of a batch-size hyperparameter counts."""

    GLOBAL = "global"
    """Records for all GPUs of the instance together; scaled with them."""
    PER_DEVICE = "per_device"
    """Records for each GPU; never multiplied."""
    FIXED = "fixed"
    """Used as it is, regardless of the GPUs."""
    UNKNOWN = "unknown"
    """Not documented for this family: a scaled value is suggested, and applied only on request."""


@dataclass(frozen=True)
class BatchConvention:
    """What a task's algorithms mean by `batch_size`.

    Attributes:
        meaning: what the number counts.
        reason: why, in a few words.
        frameworks: the frameworks for which this is documented; empty for all of them.
    """

    meaning: BatchMeaning
    reason: str
    frameworks: Set[str] = frozenset()


UNDOCUMENTED_BATCH = BatchConvention(BatchMeaning.UNKNOWN, "not documented")
_ACROSS_GPUS = BatchConvention(BatchMeaning.GLOBAL, "across the GPUs", frozenset({"tensorflow"}))
"""Developer guide, IC-TF-Hyperparameter and the same page for text classification."""
_ONE_GPU = BatchConvention(BatchMeaning.FIXED, "trains on a single GPU")
_NOT_SPREAD = BatchConvention(BatchMeaning.FIXED, "does not spread over GPUs")
_ALONE = frozenset({"autogluon", "catboost", "pytorch", "sklearn", "xgboost"})
"""Tabular algorithms whose guide names single instances (AutoGluon, TabTransformer), or whose script lets every
instance train on all rows (CatBoost, public copy); LightGBM trains on several."""
_IMAGE, _TEXTS, _CSV, _JSON = "application/x-image", "application/list-text", "text/csv", "application/json"
"""Content types of requests to an endpoint."""


@dataclass(frozen=True)
class TaskInfo:
    """The row of a task.

    Attributes:
        name: the name used in `--task` and in JSON.
        infixes: second parts of a model id that stand for the task. Sources: sagemaker.core.jumpstart.constants
            (task infixes) and the model table of the SageMaker Python SDK's documentation (2025-06).
        abbreviation: the short form that the model ids use, for narrow columns; empty: the name.
        batch: what `batch_size` counts, where that is documented.
        initial_batch: the batch size to start from when the spec has no default. 64 texts is the developer guide's
            value for a BERT-like model, 32 images per GPU the one for image classification (jumpstart-fine-tune).
        single_instance_frameworks: frameworks whose algorithm trains on one instance only.
        is_sharded: whether the model is spread over all GPUs, so that their memory in all decides.
        training_channels: names of the data channel that the training scripts read. Source: the notebooks and pages
            behind each task's data format.
        default_data_changes_little: whether training on the default dataset with default values gives "nearly
            identical" weights (developer guide, jumpstart-fine-tune).
        words: the task in words, where the name has more than a list has room for; empty: the name.
        content_type: of a request to an endpoint of a model whose spec has no `predictor_specs` (jumpstart-2026 §4.2).
    """

    name: str
    infixes: tuple[str, ...] = ()
    abbreviation: str = ""
    batch: BatchConvention = UNDOCUMENTED_BATCH
    initial_batch: int = 64
    single_instance_frameworks: Set[str] = frozenset()
    is_sharded: bool = False
    training_channels: tuple[str, ...] = ("training",)
    default_data_changes_little: bool = False
    words: str = ""
    content_type: str = "application/x-text"


class Task(Enum):
    """What a model does. The value is the name used in `--task` and in JSON."""

    _value_: str
    info: TaskInfo

    def __new__(cls, info: TaskInfo) -> Task:
        """Make a member whose value is the name in its row."""
        member = object.__new__(cls)
        member._value_ = info.name
        member.info = info
        return member

    IMAGE_CLASSIFICATION = TaskInfo(
        "image-classification",
        ("ic",),
        "ic",
        batch=_ACROSS_GPUS,
        initial_batch=32,
        single_instance_frameworks=frozenset({"tensorflow"}),
        content_type=_IMAGE,
    )
    OBJECT_DETECTION = TaskInfo("object-detection", ("od", "od1"), "od", content_type=_IMAGE)
    SEMANTIC_SEGMENTATION = TaskInfo("semantic-segmentation", ("semseg",), "semseg", content_type=_IMAGE)
    INSTANCE_SEGMENTATION = TaskInfo("instance-segmentation", ("is",), "is", content_type=_IMAGE)
    TEXT_CLASSIFICATION = TaskInfo(
        "text-classification",
        ("tc",),
        "tc",
        batch=_ACROSS_GPUS,
        single_instance_frameworks=frozenset({"tensorflow"}),
        default_data_changes_little=True,
    )
    SENTENCE_PAIR = TaskInfo(
        "sentence-pair-classification", ("spc",), "spc", words="sentence pairs", content_type=_TEXTS
    )
    QUESTION_ANSWERING = TaskInfo("question-answering", ("eqa",), "eqa", content_type=_TEXTS)
    SENTENCE_SIMILARITY = TaskInfo("sentence-similarity", ("sentencesimilarity",), "similarity")
    TABULAR_CLASSIFICATION = TaskInfo(
        "tabular-classification",
        ("classification", "tabtransformerclassification"),
        "tabular",
        batch=_NOT_SPREAD,
        single_instance_frameworks=_ALONE,
        content_type=_CSV,
    )
    TABULAR_REGRESSION = TaskInfo(
        "tabular-regression",
        ("regression", "tabtransformerregression"),
        "tabular-reg",
        batch=_NOT_SPREAD,
        single_instance_frameworks=_ALONE,
        content_type=_CSV,
    )
    TEXT_GENERATION = TaskInfo(
        "text-generation",
        (
            "textgeneration",
            "textgeneration1",
            "textgeneration2",
            "textgenerationneuron",
            "llm",
            "llmneuron",
            "vlm",
            "reasoning",
        ),
        "llm",
        is_sharded=True,
        training_channels=("training", "train"),
        content_type=_JSON,
    )
    TEXT_TO_TEXT = TaskInfo("text-to-text", ("text2text",), "text2text", content_type=_JSON)
    TEXT_TO_IMAGE = TaskInfo("text-to-image", ("txt2img", "imagegeneration"), "txt2img", batch=_ONE_GPU)
    IMAGE_EMBEDDING = TaskInfo("image-embedding", ("icembedding",), "ic-emb", content_type=_IMAGE)
    TEXT_EMBEDDING = TaskInfo("text-embedding", ("tcembedding", "textembedding"), "text-emb")
    NAMED_ENTITY_RECOGNITION = TaskInfo("named-entity-recognition", ("ner",), "ner", words="entity recognition")
    SUMMARIZATION = TaskInfo("summarization", ("summarization",), "summary")
    TRANSLATION = TaskInfo("translation", ("translation",), "translate")
    OTHER = TaskInfo("other")

    @property
    def label(self) -> str:
        """The task in words."""
        return self.info.words or self.info.name.replace("-", " ")

    @property
    def abbreviation(self) -> str:
        """The short form for narrow columns."""
        return self.info.abbreviation or self.info.name


_BY_INFIX = {infix: task for task in Task for infix in task.info.infixes}


def framework_and_task(model_id: str) -> tuple[str, Task]:
    """Return the framework and the task that a model id names (`tensorflow-ic-...`: tensorflow, image classification).

    The grammar `<framework>-<task>-<name>` is the SDK's own (`extract_framework_task_model`).
    """
    framework, _, rest = model_id.partition("-")
    return framework, _BY_INFIX.get(rest.split("-")[0], Task.OTHER)


def find_task(word: str) -> Task | None:
    """Return the task for a word typed by the user: its name, its label, or its short form."""
    word = word.strip().lower().replace("_", "-").replace(" ", "-")
    if not word:
        return None
    for task in Task:
        if word in (task.value, task.abbreviation, task.info.words.replace(" ", "-")):
            return task
    return _BY_INFIX.get(word)
