"""List the fine-tunable models of the sandbox's catalog, one row each.

IDs, newest versions, the SDK versions they ask for and the links are those of AWS's public table of JumpStart
models (SageMaker Python SDK documentation, June 2025) unless a row says otherwise. The content of a
version's spec is defined by its family.
"""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.sandbox.seed.base.family import Family
from jsft_tui.sandbox.seed.families import language, llama, tabular, text, vision

_TFHUB = "https://tfhub.dev/"
_HUGGING_FACE = "https://huggingface.co/"
_META = "https://ai.meta.com/resources/models-and-libraries/llama-downloads/"
_GLUON = "https://cv.gluon.ai/model_zoo/"


@dataclass(frozen=True)
class Release:
    """One version of a model: the training part of its spec, and the minimum SageMaker SDK version."""

    version: str
    family: Family
    min_sdk: str = "2.189.0"


@dataclass(frozen=True)
class Model:
    """A fine-tunable model.

    Attributes:
        model_id: the JumpStart model ID.
        version: the newest version.
        family: the training part of its spec.
        url: where the model comes from.
        min_sdk: the minimum SageMaker SDK version.
        eula_key: key of the license in the content bucket; set for gated models only.
        runnable: whether the sandbox has a trainer for it.
        deprecated: whether the newest version is deprecated.
        vulnerabilities: known vulnerabilities of the training script; if not empty, the model is `training_vulnerable`.
        older: versions before the newest.
    """

    model_id: str
    version: str
    family: Family
    url: str
    min_sdk: str = "2.189.0"
    eula_key: str | None = None
    runnable: bool = False
    deprecated: bool = False
    vulnerabilities: tuple[str, ...] = ()
    older: tuple[Release, ...] = ()

    @property
    def releases(self) -> tuple[Release, ...]:
        """Every version in the manifest, newest first."""
        return (Release(self.version, self.family, self.min_sdk), *self.older)


_LLAMA_2_EULA = "fmhMetadata/eula/llamaEula.txt"
# Stand-in: only the keys of the Llama 2 and 3.1 licenses are public.
_LLAMA_3_EULA = "fmhMetadata/eula/llama3Eula.txt"
_LLAMA_3_1_EULA = "fmhMetadata/eula/llama3_1Eula.txt"
_LLAMA_3_2_EULA = "fmhMetadata/eula/llama3_2Eula.txt"
_GEMMA_TERMS = "fmhMetadata/terms/gemmaTerms.txt"


def _tensorflow_ic(model_id: str, version: str, link: str) -> Model:
    return Model(f"tensorflow-ic-{model_id}", version, vision.TENSORFLOW_IC, _TFHUB + link)


def _pytorch_ic(name: str, link: str) -> Model:
    url = f"https://pytorch.org/hub/pytorch_vision_{link}/"
    return Model(f"pytorch-ic-{name}", "3.1.7", vision.PYTORCH_IC_GPU, url)


def _hugging_face(model_id: str, version: str, family: Family, link: str) -> Model:
    return Model(f"huggingface-{model_id}", version, family, _HUGGING_FACE + link)


def _trained_here(model_id: str, version: str, family: Family, link: str) -> Model:
    return Model(f"huggingface-{model_id}", version, family, _HUGGING_FACE + link, runnable=True)


def _llama(name: str, version: str, family: Family, min_sdk: str, eula_key: str) -> Model:
    return Model(f"meta-textgeneration-llama-{name}", version, family, _META, min_sdk, eula_key)


_VISION = (
    Model(
        "tensorflow-ic-efficientnet-lite0-classification-2",
        "4.0.17",
        vision.SANDBOX_IC,
        _TFHUB + "tensorflow/efficientnet/lite0/classification/2",
        runnable=True,
    ),
    Model(
        "tensorflow-ic-bit-m-r101x1-ilsvrc2012-classification-1",
        "4.0.17",
        vision.TENSORFLOW_IC,
        _TFHUB + "google/bit/m-r101x1/ilsvrc2012_classification/1",
        older=(Release("4.0.6", vision.TENSORFLOW_IC),),
    ),
    _tensorflow_ic("efficientnet-b0-classification-1", "4.0.17", "tensorflow/efficientnet/b0/classification/1"),
    _tensorflow_ic(
        "imagenet-mobilenet-v2-100-224-classification-4",
        "4.0.17",
        "google/imagenet/mobilenet_v2_100_224/classification/5",
    ),
    _tensorflow_ic("resnet-50-classification-1", "4.0.17", "tensorflow/resnet_50/classification/1"),
    _tensorflow_ic("imagenet-inception-v3-classification-4", "4.0.17", "google/imagenet/inception_v3/classification/5"),
    _tensorflow_ic("swin-tiny-patch4-window7-224", "2.0.17", "sayakpaul/swin_tiny_patch4_window7_224/1"),
    Model(
        "pytorch-ic-mobilenet-v2",
        "3.0.25",  # from the SDK's test data, newer than the table
        vision.PYTORCH_IC,
        "https://pytorch.org/hub/pytorch_vision_mobilenet_v2/",
        older=(Release("3.0.6", vision.PYTORCH_IC),),
    ),
    _pytorch_ic("resnet18", "resnet"),
    _pytorch_ic("resnet50", "resnet"),
    _pytorch_ic("densenet121", "densenet"),
    Model(
        "tensorflow-od1-ssd-efficientdet-d0-512x512-coco17-tpu-8",
        "2.0.15",
        vision.TENSORFLOW_OD,
        "http://download.tensorflow.org/models/object_detection/tf2/20200711/efficientdet_d0_coco17_tpu-32.tar.gz",
    ),
    Model(
        "tensorflow-od1-ssd-mobilenet-v2-fpnlite-320x320-coco17-tpu-8",
        "2.0.15",
        vision.TENSORFLOW_OD,
        "http://download.tensorflow.org/models/object_detection/tf2/20200711/"
        "ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8.tar.gz",
    ),
    Model("mxnet-od-ssd-512-mobilenet1-0-coco", "2.0.14", vision.MXNET_OD, _GLUON + "detection.html"),
    Model("mxnet-od-ssd-512-resnet50-v1-coco", "2.0.14", vision.MXNET_OD, _GLUON + "detection.html"),
    Model(
        "pytorch-od1-fasterrcnn-resnet50-fpn",
        "2.0.15",
        vision.PYTORCH_OD,
        "https://pytorch.org/vision/stable/_modules/torchvision/models/detection/faster_rcnn.html",
    ),
    Model(
        "mxnet-semseg-fcn-resnet50-ade",
        "2.0.14",
        vision.MXNET_SEMSEG,
        _GLUON + "segmentation.html",
        older=(Release("2.0.3", vision.MXNET_SEMSEG),),
    ),
    Model("mxnet-semseg-fcn-resnet101-voc", "2.0.14", vision.MXNET_SEMSEG, _GLUON + "segmentation.html"),
    Model(
        "model-txt2img-stabilityai-stable-diffusion-v2-1-base",
        "2.0.13",
        vision.STABLE_DIFFUSION,
        _HUGGING_FACE + "stabilityai/stable-diffusion-2-1-base",
    ),
)

_TEXT = (
    Model(
        "tensorflow-tc-small-bert-bert-en-uncased-L-2-H-128-A-2",
        "2.0.15",
        text.SANDBOX_TC,
        _TFHUB + "tensorflow/small_bert/bert_en_uncased_L-2_H-128_A-2/1",
        runnable=True,
    ),
    Model(
        "tensorflow-tc-bert-en-uncased-L-12-H-768-A-12-2",
        "3.0.15",
        text.TENSORFLOW_TC,
        _TFHUB + "tensorflow/bert_en_uncased_L-12_H-768_A-12/3",
    ),
    Model("tensorflow-tc-electra-small-1", "3.0.15", text.TENSORFLOW_TC, _TFHUB + "google/electra_small/2"),
    _hugging_face("tc-bert-base-cased", "3.0.6", text.HUGGINGFACE_TC, "google-bert/bert-base-cased"),
    _hugging_face("tc-distilbert-base-uncased", "3.0.6", text.HUGGINGFACE_TC, "distilbert/distilbert-base-uncased"),
    _hugging_face("tc-roberta-base", "3.0.6", text.HUGGINGFACE_TC, "FacebookAI/roberta-base"),
    Model(
        "huggingface-spc-bert-base-cased",
        "3.0.6",
        text.HUGGINGFACE_SPC,
        _HUGGING_FACE + "google-bert/bert-base-cased",
        older=(Release("2.0.3", text.HUGGINGFACE_SPC_2),),
    ),
    _trained_here("spc-distilroberta-base", "3.0.6", text.SANDBOX_SPC, "distilbert/distilroberta-base"),
    Model(
        "tensorflow-spc-bert-en-uncased-L-12-H-768-A-12-2",
        "2.0.16",
        text.TENSORFLOW_SPC,
        _TFHUB + "tensorflow/bert_en_uncased_L-12_H-768_A-12/2",
    ),
    Model("tensorflow-spc-electra-small-1", "2.0.16", text.TENSORFLOW_SPC, _TFHUB + "google/electra_small/1"),
    _hugging_face("eqa-bert-base-cased", "3.0.6", text.HUGGINGFACE_EQA, "google-bert/bert-base-cased"),
    Model(
        "huggingface-eqa-distilbert-base-uncased",
        "3.0.6",
        text.SANDBOX_EQA,
        _HUGGING_FACE + "distilbert/distilbert-base-uncased",
        "2.237.1",
        runnable=True,
    ),
    Model(
        "pytorch-eqa-bert-base-cased",
        "1.2.1",
        text.PYTORCH_EQA,
        "https://pytorch.org/hub/huggingface_pytorch-transformers/",
        "2.75.0",
        # Stand-in: no public source for which scripts are marked as vulnerable; one is, so that the mark can be seen.
        vulnerabilities=("sandbox example: the training image's PyTorch 1.5 is out of support",),
    ),
    Model(
        "pytorch-eqa-distilbert-base-cased",
        "1.2.1",
        text.PYTORCH_EQA,
        "https://pytorch.org/hub/huggingface_pytorch-transformers/",
        "2.75.0",
    ),
    _trained_here(
        "sentencesimilarity-all-MiniLM-L6-v2",
        "2.1.14",
        text.SANDBOX_SIMILARITY,
        "sentence-transformers/all-MiniLM-L6-v2",
    ),
    _hugging_face("sentencesimilarity-bge-small-en", "2.1.14", text.SENTENCE_SIMILARITY, "BAAI/bge-small-en"),
)

_LIGHTGBM = "https://lightgbm.readthedocs.io/en/latest/"
_CATBOOST = "https://catboost.ai/"
_XGBOOST = "https://xgboost.readthedocs.io/en/release_1.7.0/"
_SKLEARN = "https://scikit-learn.org/stable/"
_AUTOGLUON = "https://auto.gluon.ai/stable/index.html"
_TABTRANSFORMER = "https://arxiv.org/abs/2012.06678"

_TABULAR = (
    Model(
        "lightgbm-classification-model",
        "2.2.7",
        tabular.LIGHTGBM_CLASSIFICATION,
        _LIGHTGBM,
        older=(Release("2.1.6", tabular.LIGHTGBM_CLASSIFICATION),),
    ),
    Model("lightgbm-regression-model", "2.2.7", tabular.LIGHTGBM_REGRESSION, _LIGHTGBM),
    Model("catboost-classification-model", "2.1.21", tabular.CATBOOST_CLASSIFICATION, _CATBOOST),
    Model("catboost-regression-model", "2.1.21", tabular.CATBOOST_REGRESSION, _CATBOOST),
    Model(
        "xgboost-classification-model",
        "2.1.12",
        tabular.SANDBOX_XGBOOST_CLASSIFICATION,
        _XGBOOST,
        "2.188.0",
        runnable=True,
    ),
    Model(
        "xgboost-regression-model",
        "2.1.12",
        tabular.SANDBOX_XGBOOST_REGRESSION,
        _XGBOOST,
        "2.188.0",
        runnable=True,
    ),
    Model("sklearn-classification-linear", "1.3.9", tabular.SANDBOX_LINEAR, _SKLEARN, "2.188.0", runnable=True),
    Model(
        "sklearn-regression-linear",
        "1.3.9",
        tabular.SANDBOX_LINEAR_REGRESSION,
        _SKLEARN,
        "2.188.0",
        runnable=True,
    ),
    Model(
        "pytorch-tabtransformerclassification-model",
        "2.0.18",
        tabular.TABTRANSFORMER_CLASSIFICATION,
        _TABTRANSFORMER,
    ),
    Model("pytorch-tabtransformerregression-model", "2.0.18", tabular.TABTRANSFORMER_REGRESSION, _TABTRANSFORMER),
    Model("autogluon-classification-ensemble", "2.0.15", tabular.AUTOGLUON_CLASSIFICATION, _AUTOGLUON),
    Model("autogluon-regression-ensemble", "2.0.15", tabular.AUTOGLUON_REGRESSION, _AUTOGLUON),
)

_LANGUAGE = (
    _hugging_face("text2text-flan-t5-small", "2.3.7", language.FLAN_T5, "google/flan-t5-small"),
    Model(
        "huggingface-text2text-flan-t5-base",
        "2.3.7",
        language.FLAN_T5,
        _HUGGING_FACE + "google/flan-t5-base",
        older=(Release("2.2.3", language.FLAN_T5),),
    ),
    _hugging_face("text2text-flan-t5-large", "2.3.7", language.FLAN_T5, "google/flan-t5-large"),
    _hugging_face("text2text-flan-t5-xl", "2.2.7", language.FLAN_T5, "google/flan-t5-xl"),
    _hugging_face("text2text-flan-t5-xxl-fp16", "1.2.5", language.FLAN_T5_XXL_FP16, "google/flan-t5-xxl"),
    Model(
        "meta-textgeneration-llama-2-7b",
        "4.18.0",
        llama.LLAMA_2,
        _META,
        "2.225.0",
        _LLAMA_2_EULA,
        older=(Release("3.0.0", llama.LLAMA_2),),
    ),
    _llama("2-7b-f", "4.17.0", llama.LLAMA_2_CHAT, "2.225.0", _LLAMA_2_EULA),
    _llama("2-13b", "4.18.0", llama.LLAMA_2, "2.225.0", _LLAMA_2_EULA),
    _llama("codellama-7b", "3.17.0", llama.LLAMA_2, "2.225.0", _LLAMA_2_EULA),
    _llama("3-8b", "2.16.0", llama.LLAMA_3_SMALL, "2.225.0", _LLAMA_3_EULA),
    _llama("3-8b-instruct", "2.16.0", llama.LLAMA_3_INSTRUCT, "2.225.0", _LLAMA_3_EULA),
    _llama("3-1-8b", "2.10.0", llama.LLAMA_3_SMALL, "2.232.1", _LLAMA_3_1_EULA),
    Model(
        "meta-textgeneration-llama-3-1-70b",
        "2.16.2",  # from the SDK's test data, newer than the table
        llama.LLAMA_3_1_70B,
        _META,
        "2.232.1",
        _LLAMA_3_1_EULA,
        older=(Release("2.12.0", llama.LLAMA_3_1_70B, "2.232.1"),),
    ),
    Model(
        "meta-textgeneration-llama-3-2-1b-instruct",
        "1.2.6",
        llama.SANDBOX_LLAMA,
        _META,
        "2.225.0",
        _LLAMA_3_2_EULA,
        runnable=True,
    ),
    Model(
        "meta-textgenerationneuron-llama-2-7b",
        "1.0.0",  # from the SDK's test data; later versions are not fine-tunable
        llama.NEURON_LLAMA_2,
        _META,
        "2.198.0",
        _LLAMA_2_EULA,
    ),
    Model(
        "huggingface-llm-gemma-2b-instruct",
        "1.4.14",
        language.GEMMA,
        _HUGGING_FACE + "google/gemma-2b-it",
        "2.237.1",
        _GEMMA_TERMS,
        older=(Release("1.1.0", language.GEMMA),),
    ),
    Model(
        "huggingface-llm-gemma-2b",
        "2.1.14",
        language.GEMMA,
        _HUGGING_FACE + "google/gemma-2b",
        "2.237.1",
        _GEMMA_TERMS,
    ),
    Model(
        "huggingface-llm-gemma-7b-instruct",
        "1.3.13",
        language.GEMMA_7B,
        _HUGGING_FACE + "google/gemma-7b-it",
        eula_key=_GEMMA_TERMS,
    ),
    Model(
        "huggingface-llm-mistral-7b",
        "2.22.0",
        language.MISTRAL,
        _HUGGING_FACE + "mistralai/Mistral-7B-v0.1",
        "2.225.0",
    ),
    _hugging_face("llm-falcon-7b-bf16", "4.1.14", language.FALCON, "tiiuae/falcon-7b"),
    _hugging_face("llm-falcon-7b-instruct-bf16", "4.6.7", language.FALCON, "tiiuae/falcon-7b-instruct"),
    _hugging_face("llm-falcon-40b-bf16", "2.4.13", language.FALCON_40B, "tiiuae/falcon-40b"),
    _hugging_face("textgeneration1-gpt-j-6b", "3.2.13", language.TEXT_GENERATION, "EleutherAI/gpt-j-6B"),
    _hugging_face("textgeneration1-bloom-3b", "3.3.7", language.TEXT_GENERATION, "bigscience/bloom-3b"),
    _trained_here("textgeneration1-gpt-neo-125m", "3.2.13", language.SANDBOX_GPT, "EleutherAI/gpt-neo-125M"),
    Model(
        "huggingface-textgeneration1-gpt-2-xl-fp16",
        "3.0.4",
        language.TEXT_GENERATION,
        _HUGGING_FACE + "openai-community/gpt2-xl",
        deprecated=True,  # stand-in: no public source for which models are deprecated
    ),
)

MODELS: tuple[Model, ...] = (*_VISION, *_TEXT, *_TABULAR, *_LANGUAGE)
"""Every fine-tunable model of the sandbox's catalog."""

RUNNABLE_MODEL_IDS: tuple[str, ...] = tuple(model.model_id for model in MODELS if model.runnable)
"""The models for which the sandbox has a trainer, at least one for each common task."""
