"""List the texts about resources that ran out on the instance: memory, GPU memory, shared memory, disk, files.

Sources: the messages of PyTorch, TensorFlow, MXNet, XGBoost, CatBoost and Ray about memory.
"""

from __future__ import annotations

from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import ON_THE_INSTANCE, Origin

_ORIGINS = frozenset({Origin.SCRIPT, Origin.UNKNOWN})

PATTERNS = (
    known(
        r"instance type with more memory, or reduce the size of job data",
        "HostMemory",
        "The instance ran out of host memory.",
        "Choose an instance type with more memory, or use less data.",
        FixKind.MORE_MEMORY,
    ),
    # PyTorch's data loader hands over batches in /dev/shm: its own files are named torch_PID_NUMBER.
    known(
        r"out of shared memory|unable to (?:open|allocate) shared memory|/dev/shm|</?torch_\d+|Bus error|"
        r"DataLoader worker \(pid(?:\(s\))? [\d, ]+\) exited unexpectedly",
        "SharedMemory",
        "The data loader ran out of shared memory (bus error), or one of its processes ended.",
        "Use fewer data loader workers or a smaller batch, or choose an instance type with more memory.",
        FixKind.MORE_MEMORY,
        FixKind.HALVE_BATCH,
        origins=_ORIGINS,
    ),
    known(
        r"(?:java\.lang|ray\.exceptions)\.OutOfMemoryError|node running low on memory|"
        r"\bMemoryError\b|Unable to allocate [\d.]+ [KMGT]iB|std::bad_alloc(?!: cuda)|Cannot allocate memory|"
        r"DefaultCPUAllocator: (?:can't|cannot|not enough)|ArrowMemoryError|C error: out of memory|"
        r"(?:Not enough|Insufficient) (?:host |system )?memory",
        "HostMemory",
        "The instance ran out of host memory.",
        "Choose an instance type with more memory, or use less data.",
        FixKind.MORE_MEMORY,
        origins=_ORIGINS,
    ),
    known(
        r"(?:CUDA|cuda\w*|GPU|HIP)\b[^\n]{0,60}\bout of memory|OutOfMemoryError|"
        r"CU(?:BLAS|DNN)_STATUS_(?:ALLOC_FAILED|NOT_INITIALIZED)|CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation|"
        r"Resource ?exhausted(?:Error)?: .*(?:OOM|allocate memory)|OOM when allocating|"
        r"RESOURCE_EXHAUSTED: Out of memory|Memory object allocation failure|No available memory for the cache blocks|"
        r"probably because cuDNN failed to initialize",
        "GpuMemory",
        "The GPU ran out of memory.",
        "Halve the batch size, shorten the inputs, or choose GPUs with more memory.",
        FixKind.HALVE_BATCH,
        FixKind.MORE_GPU_MEMORY,
        origins=ON_THE_INSTANCE,
        unverified=True,
    ),
    known(
        r"(?:exit ?(?:code|status)|return ?code)\s*[:=]?\s*(?:137|-9)\b|\bSIGKILL\b|signal:? 9\b|"
        r"killed by signal: Killed|oom-?kill|OOMKilled|killed due to memory",
        "Killed",
        "The training process was killed (exit code 137, SIGKILL): most likely the instance ran out of host memory.",
        "Choose an instance type with more memory, or use a smaller batch, less data or fewer data loader workers.",
        FixKind.MORE_MEMORY,
        FixKind.HALVE_BATCH,
        origins=ON_THE_INSTANCE,
        unverified=True,
    ),
    known(
        r"No space left on device|Insufficient disk space|out of disk space|not enough (?:free )?(?:disk )?space|"
        r"Errno 28|Disk quota exceeded|StorageFull|disk is full|PytorchStreamWriter failed writing file|"
        r"inline_container[^\n]{0,80}unexpected pos|"
        r"larger (?:EBS |storage )?volume",
        "Disk",
        "The disk is full.",
        "Raise volume_gb, or choose an instance type with a larger NVMe disk.",
        FixKind.RAISE_DISK,
        origins=ON_THE_INSTANCE,
        unverified=True,
    ),
    known(
        r"Too many open files|Errno 24\b|received 0 items of ancdata",
        "OpenFiles",
        "The training process has too many open files.",
        "Use fewer data loader workers, or fewer and larger files.",
        origins=_ORIGINS,
    ),
)
