"""List the models of the sandbox's catalog that can be deployed but not fine-tuned, one row each.

IDs, versions, the SDK versions they ask for and the links are those of AWS's public table of JumpStart models
(SageMaker Python SDK documentation, June 2025).
"""

from __future__ import annotations

from dataclasses import dataclass

_TFHUB = "https://tfhub.dev/"
_HUGGING_FACE = "https://huggingface.co/"
_META = "https://ai.meta.com/resources/models-and-libraries/llama-downloads/"
_GLUON = "https://cv.gluon.ai/model_zoo/"
# Stand-in: only the keys of the Llama 2 and 3.1 licenses are public.
_LLAMA_3_3_EULA = "fmhMetadata/eula/llama3_3Eula.txt"


@dataclass(frozen=True)
class DeployOnlyModel:
    """A model that can be deployed but not fine-tuned."""

    model_id: str
    version: str
    task: str
    framework: str
    url: str
    min_sdk: str = "2.189.0"
    eula_key: str | None = None
    deprecated: bool = False


def _deploy_only(model_id: str, version: str, task: str, link: str, min_sdk: str = "2.189.0") -> DeployOnlyModel:
    return DeployOnlyModel(f"huggingface-{model_id}", version, task, "huggingface", _HUGGING_FACE + link, min_sdk)


DEPLOY_ONLY_MODELS: tuple[DeployOnlyModel, ...] = (
    _deploy_only(
        "ner-distilbert-base-cased-finetuned-conll03-english",
        "2.0.14",
        "Named Entity Recognition",
        "elastic/distilbert-base-cased-finetuned-conll03-english",
    ),
    _deploy_only("summarization-distilbart-cnn-12-6", "2.2.7", "Text Summarization", "sshleifer/distilbart-cnn-12-6"),
    _deploy_only(
        "summarization-bart-large-cnn-samsum", "2.2.7", "Text Summarization", "philschmid/bart-large-cnn-samsum"
    ),
    _deploy_only("translation-opus-mt-en-es", "2.1.7", "Machine Translation", "Helsinki-NLP/opus-mt-en-es"),
    _deploy_only("translation-opus-mt-en-vi", "2.1.7", "Machine Translation", "Helsinki-NLP/opus-mt-en-vi"),
    _deploy_only(
        "textembedding-all-MiniLM-L6-v2",
        "2.0.11",
        "Text Embedding",
        "sentence-transformers/all-MiniLM-L6-v2",
        "2.225.0",
    ),
    _deploy_only("textembedding-bge-base-en-v1-5", "1.0.11", "Text Embedding", "BAAI/bge-base-en-v1.5", "2.225.0"),
    _deploy_only("asr-whisper-base", "3.0.13", "Automatic Speech Recognition", "openai/whisper-base"),
    _deploy_only(
        "zstc-cross-encoder-nli-deberta-base", "2.0.14", "Zero-Shot Classification", "cross-encoder/nli-deberta-base"
    ),
    _deploy_only("textgeneration-bloom-1b1", "2.3.7", "Text Generation", "bigscience/bloom-1b1"),
    DeployOnlyModel(
        "huggingface-textgeneration1-bloom-176b-int8",
        "1.1.4",
        "Text Generation",
        "huggingface",
        _HUGGING_FACE + "microsoft/bloom-deepspeed-inference-int8",
        "2.144.0",
        deprecated=True,  # stand-in: no public source for which models are deprecated
    ),
    _deploy_only("txt2img-22h-vintedois-diffusion-v0-1", "2.0.13", "Text to Image", "22h/vintedois-diffusion-v0-1"),
    DeployOnlyModel(
        "model-upscaling-stabilityai-stable-diffusion-x4-upscaler-fp16",
        "2.0.13",
        "Image Upscaling",
        "huggingface",
        _HUGGING_FACE + "stabilityai/stable-diffusion-x4-upscaler",
    ),
    DeployOnlyModel(
        "model-inpainting-stabilityai-stable-diffusion-2-inpainting",
        "2.0.13",
        "Image Inpainting",
        "huggingface",
        _HUGGING_FACE + "stabilityai/stable-diffusion-2-inpainting",
    ),
    DeployOnlyModel(
        "meta-textgeneration-llama-3-3-70b-instruct",
        "1.9.0",
        "Text Generation",
        "meta",
        _META,
        "2.237.1",
        _LLAMA_3_3_EULA,
    ),
    DeployOnlyModel(
        "tensorflow-icembedding-bit-m-r101x1-ilsvrc2012-featurevector-1",
        "3.0.15",
        "Image Embedding",
        "tensorflow",
        _TFHUB + "google/bit/m-r101x1/1",
    ),
    DeployOnlyModel(
        "tensorflow-tcembedding-bert-en-uncased-L-2-H-128-A-2-2",
        "2.0.15",
        "Text Embedding",
        "tensorflow",
        _TFHUB + "tensorflow/small_bert/bert_en_uncased_L-2_H-128_A-2/2",
    ),
    DeployOnlyModel(
        "tensorflow-od-centernet-hourglass-1024x1024-1",
        "3.0.15",
        "Object Detection",
        "tensorflow",
        _TFHUB + "tensorflow/centernet/hourglass_1024x1024/1",
    ),
    DeployOnlyModel(
        "tensorflow-audioembedding-frill-1",
        "2.0.15",
        "Audio Embedding",
        "tensorflow",
        _TFHUB + "google/nonsemantic-speech-benchmark/frill/1",
    ),
    DeployOnlyModel(
        "mxnet-is-mask-rcnn-fpn-resnet18-v1b-coco",
        "2.0.14",
        "Instance Segmentation",
        "mxnet",
        _GLUON + "segmentation.html",
    ),
    DeployOnlyModel(
        "mxnet-od-faster-rcnn-fpn-resnet50-v1b-coco", "2.0.14", "Object Detection", "mxnet", _GLUON + "detection.html"
    ),
    DeployOnlyModel(
        "mxnet-tcembedding-robertafin-base-uncased",
        "2.0.14",
        "Text Embedding",
        "mxnet",
        "https://nlp.gluon.ai/master/_modules/gluonnlp/models/roberta.html",
    ),
    DeployOnlyModel(
        "pytorch-od-nvidia-ssd",
        "2.0.18",
        "Object Detection",
        "pytorch",
        "https://pytorch.org/hub/nvidia_deeplearningexamples_ssd/",
    ),
    DeployOnlyModel(
        "pytorch-semseg-deeplabv3-resnet101",
        "1.0.0",
        "Semantic Segmentation",
        "pytorch",
        "https://pytorch.org/vision/",
        "2.75.0",
    ),
    DeployOnlyModel(
        "autogluon-forecasting-chronos-bolt-small",
        "1.0.8",
        "Time Series Forecasting",
        "autogluon",
        _HUGGING_FACE + "amazon/chronos-bolt-small",
        "2.237.1",
    ),
)
"""Models of the catalog that cannot be fine-tuned."""
