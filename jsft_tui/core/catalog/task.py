"""Machine-learning tasks of JumpStart models, as model ids name them."""

from __future__ import annotations

from enum import Enum


class Task(Enum):
    """What a model does. The value is the name used in `--task` and in JSON."""

    IMAGE_CLASSIFICATION = "image-classification"
    OBJECT_DETECTION = "object-detection"
    SEMANTIC_SEGMENTATION = "semantic-segmentation"
    INSTANCE_SEGMENTATION = "instance-segmentation"
    TEXT_CLASSIFICATION = "text-classification"
    SENTENCE_PAIR = "sentence-pair-classification"
    QUESTION_ANSWERING = "question-answering"
    SENTENCE_SIMILARITY = "sentence-similarity"
    TABULAR_CLASSIFICATION = "tabular-classification"
    TABULAR_REGRESSION = "tabular-regression"
    TEXT_GENERATION = "text-generation"
    TEXT_TO_TEXT = "text-to-text"
    TEXT_TO_IMAGE = "text-to-image"
    IMAGE_EMBEDDING = "image-embedding"
    TEXT_EMBEDDING = "text-embedding"
    NAMED_ENTITY_RECOGNITION = "named-entity-recognition"
    SUMMARIZATION = "summarization"
    TRANSLATION = "translation"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The task in words."""
        return self.value.replace("-", " ")

    @property
    def abbreviation(self) -> str:
        """The short form that the model ids use, for narrow columns."""
        return _ABBREVIATIONS.get(self, self.value)


# Second part of a model id -> task. Sources: sagemaker.core.jumpstart.constants (task infixes) and the
# model table of the SageMaker Python SDK's documentation (2025-06).
_INFIXES = {
    "ic": Task.IMAGE_CLASSIFICATION,
    "od": Task.OBJECT_DETECTION,
    "od1": Task.OBJECT_DETECTION,
    "semseg": Task.SEMANTIC_SEGMENTATION,
    "is": Task.INSTANCE_SEGMENTATION,
    "tc": Task.TEXT_CLASSIFICATION,
    "spc": Task.SENTENCE_PAIR,
    "eqa": Task.QUESTION_ANSWERING,
    "sentencesimilarity": Task.SENTENCE_SIMILARITY,
    "classification": Task.TABULAR_CLASSIFICATION,
    "regression": Task.TABULAR_REGRESSION,
    "tabtransformerclassification": Task.TABULAR_CLASSIFICATION,
    "tabtransformerregression": Task.TABULAR_REGRESSION,
    "textgeneration": Task.TEXT_GENERATION,
    "textgeneration1": Task.TEXT_GENERATION,
    "textgeneration2": Task.TEXT_GENERATION,
    "textgenerationneuron": Task.TEXT_GENERATION,
    "llm": Task.TEXT_GENERATION,
    "llmneuron": Task.TEXT_GENERATION,
    "vlm": Task.TEXT_GENERATION,
    "reasoning": Task.TEXT_GENERATION,
    "text2text": Task.TEXT_TO_TEXT,
    "txt2img": Task.TEXT_TO_IMAGE,
    "imagegeneration": Task.TEXT_TO_IMAGE,
    "icembedding": Task.IMAGE_EMBEDDING,
    "tcembedding": Task.TEXT_EMBEDDING,
    "textembedding": Task.TEXT_EMBEDDING,
    "ner": Task.NAMED_ENTITY_RECOGNITION,
    "summarization": Task.SUMMARIZATION,
    "translation": Task.TRANSLATION,
}
_ABBREVIATIONS = {
    Task.IMAGE_CLASSIFICATION: "ic",
    Task.OBJECT_DETECTION: "od",
    Task.SEMANTIC_SEGMENTATION: "semseg",
    Task.INSTANCE_SEGMENTATION: "is",
    Task.TEXT_CLASSIFICATION: "tc",
    Task.SENTENCE_PAIR: "spc",
    Task.QUESTION_ANSWERING: "eqa",
    Task.SENTENCE_SIMILARITY: "similarity",
    Task.TABULAR_CLASSIFICATION: "tabular",
    Task.TABULAR_REGRESSION: "tabular-reg",
    Task.TEXT_GENERATION: "llm",
    Task.TEXT_TO_TEXT: "text2text",
    Task.TEXT_TO_IMAGE: "txt2img",
    Task.IMAGE_EMBEDDING: "ic-emb",
    Task.TEXT_EMBEDDING: "text-emb",
    Task.NAMED_ENTITY_RECOGNITION: "ner",
    Task.SUMMARIZATION: "summary",
    Task.TRANSLATION: "translate",
}


def framework_and_task(model_id: str) -> tuple[str, Task]:
    """What a model id says of itself (`tensorflow-ic-...` -> tensorflow, image classification).

    The grammar `<framework>-<task>-<name>` is the SDK's own (`extract_framework_task_model`).
    """
    framework, _, rest = model_id.partition("-")
    return framework, _INFIXES.get(rest.split("-")[0], Task.OTHER)


def find_task(word: str) -> Task | None:
    """The task meant by a word typed for it: its name, its words, or its short form."""
    word = word.strip().lower().replace("_", "-").replace(" ", "-")
    for task in Task:
        if word in (task.value, task.abbreviation):
            return task
    return _INFIXES.get(word)
