"""List the texts about the GPU: none there, the wrong one, a faulty one, or a precision that it does not have.

Sources: messages of PyTorch, TensorFlow, transformers (`TrainingArguments`), flash-attention, vLLM and NVIDIA's driver.
"""

from __future__ import annotations

from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import Origin

_ORIGINS = frozenset({Origin.SCRIPT, Origin.UNKNOWN})

PATTERNS = (
    known(
        r"no kernel image is available|is not compatible with the current (?:PyTorch|TensorFlow|CUDA)|"
        r"CUDA driver version is insufficient|NVIDIA driver on your system is too old|unsupported gpu architecture|"
        r"named symbol not found|only supports? (?:Ampere|Turing|Hopper)|PTX[^\n]{0,60}(?:unsupported|newer)",
        "GpuMismatch",
        "The training image does not support the GPU of this instance type.",
        "Choose an instance type that the model lists.",
        FixKind.NEXT_INSTANCE,
        origins=_ORIGINS,
    ),
    known(
        r"(?:doesn't|does not|not) support(?:ed)? (?:bf16|bfloat16)|not implemented for 'BFloat16'|"
        r"(?:bf16|bfloat16)[^\n]{0,160}(?:not supported|only supported|requires|Ampere|CUDA)",
        "Precision",
        "The GPU of this instance type cannot compute in bfloat16.",
        "Set bf16 to False, or choose GPUs of the Ampere generation or newer (g5, g6, p4, p5).",
        origins=_ORIGINS,
    ),
    known(
        r"no CUDA GPUs are available|Found no NVIDIA driver|not compiled with CUDA|no CUDA-capable device|"
        r"on a CUDA device but torch\.cuda\.is_available|CUDA unknown error|"
        r"CUDA (?:driver )?initialization (?:error|failed)|"
        r"no (?:GPU|CUDA devices?) (?:was |were |is |are )?(?:found|detected|available)|failed call to cuInit|"
        r"CUDA is not available|No OpenCL device found|couldn't communicate with the NVIDIA driver|"
        r"FP16[^\n]{0,160}can only be used on CUDA|not implemented for 'Half'",
        "NoGpu",
        "The training script needs a GPU and finds none.",
        "Choose an instance type with a GPU.",
        FixKind.NEXT_INSTANCE,
        origins=_ORIGINS,
    ),
    known(
        r"uncorrectable (?:ECC|NVLink) error|GPU is lost|fallen off the bus|double bit ECC|"
        r"\bXid \(|system not yet initialized|"
        r"hardware stack error",
        "GpuFault",
        "A GPU of the instance is faulty.",
        "Launch the job again: it gets other hardware.",
        origins=_ORIGINS,
    ),
    known(
        r"illegal memory access|unspecified launch failure|misaligned address|illegal instruction was encountered|"
        r"device\(s\) is/are busy or unavailable|CUDNN_STATUS_(?:EXECUTION_FAILED|INTERNAL_ERROR|MAPPING_ERROR)|"
        r"CUBLAS_STATUS_(?:EXECUTION_FAILED|INTERNAL_ERROR)",
        "GpuError",
        "A computation on the GPU failed: for want of memory, labels out of range, or an image for another GPU.",
        "Validate the dataset, use a smaller batch, or choose another instance type that the model lists.",
        origins=_ORIGINS,
    ),
)
