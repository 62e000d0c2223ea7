"""List the texts of training scripts and their libraries that belong to no other list."""

from __future__ import annotations

from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import ON_THE_INSTANCE, Origin

_ORIGINS = frozenset({Origin.SCRIPT, Origin.UNKNOWN})

PATTERNS = (
    known(
        r"training diverged|loss is (?:nan|inf|not a finite)|loss (?:became|was|=) (?:infinite|nan|inf)|"
        r"LossTensor is inf or nan|Model diverged|NaN loss|non-finite loss|returned nan values|"
        r"Current loss scale already at minimum|Minimum loss scale|loss is probably exploding|"
        r"Tensor had (?:NaN|Inf)",
        "Diverged",
        "The training diverged: the loss is not a finite number.",
        "Lower learning_rate.",
        FixKind.LOWER_LEARNING_RATE,
        origins=_ORIGINS,
    ),
    known(
        r"accept (?:the )?(?:EULA|end[- ]user licen[sc]e)|accept_?eula",
        "Eula",
        "The license (EULA) of the model has not been accepted.",
        "Read the license and set accept_eula: true in the run.",
        FixKind.ACCEPT_EULA,
        unverified=True,
    ),
    known(
        r"ModuleNotFoundError|ImportError|cannot import name|No module named|cannot open shared object file|"
        r"version `GLIBC\w*_[\d.]+' not found|undefined symbol|module '[\w.]+' has no attribute|binary incompatibility|"
        r"got an unexpected keyword argument|PackageNotFoundError|DistributionNotFound|VersionConflict|"
        r"CUDA Setup failed|does not recognize this architecture|Unrecognized (?:configuration class|model in)",
        "Import",
        "The training image lacks a package, or has another version of it than the script needs.",
        "Choose another version of the model: its image and its script belong together.",
        origins=_ORIGINS,
    ),
    known(
        r"AlgorithmError",
        "Script",
        "The training script failed.",
        Remedy("Read the end of its log", RemedyCommand.LOGS, "NAME"),
        origins=ON_THE_INSTANCE,
        is_general=True,
    ),
)
