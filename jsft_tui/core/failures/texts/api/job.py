"""List the texts about a training job itself: its name, its state, and its time limits."""

from __future__ import annotations

from jsft_tui.core.common.fixes import FixKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.failures.diagnosis import FailurePattern, known
from jsft_tui.core.failures.origin import Origin


def _job(pattern: str, code: str, cause: str, remedy: str, *fixes: FixKind) -> FailurePattern:
    """Return a pattern of the words of the service about a job; the same words of a script mean something else."""
    return known(pattern, code, cause, remedy, *fixes, origins=frozenset({Origin.API, Origin.UNKNOWN, Origin.SERVICE}))


PATTERNS = (
    _job(
        r"names must be unique within an AWS account|training job with this name already exists",
        "NameTaken",
        "A training job with this name already exists.",
        "Choose another name.",
        FixKind.NEW_NAME,
    ),
    _job(
        r"Cannot create already existing (?P<kind>[a-z][a-z -]{1,40}?) ?['\"]",
        "Exists",
        "There already is a {kind} of this name.",
        "Choose another name, or delete that one.",
    ),
    _job(
        r"Cannot (?:update|delete) in-progress (?P<kind>[a-z]{1,40})",
        "InProgress",
        "The {kind} is being created or changed.",
        "Wait until that has ended.",
    ),
    _job(
        r"(?:training|tuning|transform) job is in status (?P<status>\w+)",
        "AlreadyEnded",
        "The job is already {status}.",
        "There is nothing to stop.",
    ),
    _job(
        r"Requested resource not found|(?:Could not|can't|cannot) find (?:requested |a |the )?(?:\w+ )?job\b",
        "NoSuchJob",
        "There is no such training job in this account and region.",
        Remedy("Check the name and the region", RemedyCommand.JOBS),
    ),
    # sagemaker-python-sdk and amazon-sagemaker-examples issues about searches.
    _job(
        r"No objective metrics? (?:was |were )?found",
        "NoObjective",
        "The trials ended without printing the objective metric, so the search has nothing to compare.",
        "Choose a metric that the training prints: tuning.objective in the run.",
    ),
    _job(
        r"objective[^\n]{0,160}(?:isn't|is not|not) (?:valid|defined|supported|found)",
        "Objective",
        "The objective of the search is no metric of this algorithm.",
        "Choose another: tuning.objective in the run; check names the metrics.",
    ),
    _job(
        r"invalid hyperparameter range|"
        r"hyperparameter (?:tuning )?ranges?\b[^\n]{0,80}(?:not valid|invalid|greater than|less than)",
        "Ranges",
        "A range of the search is not one that the hyperparameter can have.",
        "Correct tuning.ranges in the run.",
    ),
    _job(
        r"parent (?:hyper ?parameter )?(?:tuning )?job",
        "WarmStart",
        "The former search cannot be used for a warm start.",
        "Use one that has ended, with completed trials and the same objective, or remove tuning.warm_start.",
    ),
    _job(
        r"(?:No training job succeeded after \d+ attempts|all (?:of the )?training jobs? (?:\w+ )?failed)",
        "TrialsFailed",
        "Every trial of the search failed, so it ended.",
        "See why the first trial failed: jsft tuning NAME, then jsft job of it.",
    ),
    _job(
        r"MaxRuntimeExceeded|runtime exceeded MaxRuntimeInSeconds",
        "MaxRuntime",
        "The job reached its maximum runtime and was stopped.",
        "Raise instance.max_runtime or train fewer epochs; a model may have been saved.",
        FixKind.LONGER_RUN,
    ),
    _job(
        r"MaxWaitTimeExceeded",
        "MaxWait",
        "No spot capacity was found within the maximum wait time.",
        "Raise instance.max_wait, or train on demand.",
        FixKind.LONGER_WAIT,
    ),
    _job(
        r"Invalid MaxWaitTimeInSeconds|MaxWaitTimeInSeconds[^\n]{0,80}(?:must|should|needs|greater)",
        "SpotTimes",
        "The maximum wait time of a spot job is shorter than its maximum runtime.",
        "Set instance.max_wait to at least instance.max_runtime.",
    ),
    _job(
        r"Value '(?P<value>[^']{1,200})' at '(?P<member>[\w.]{1,200})' failed to satisfy constraint",
        "BadValue",
        "AWS does not accept the value {value!r} for {member}.",
        "Correct it in the run; the constraint is in the message.",
    ),
    _job(
        r"Value (?:null |'[^\n]*' )?at '(?P<member>[\w.]{1,200})' failed to satisfy constraint",
        "BadValue",
        "AWS does not accept the value for {member}.",
        "Correct it in the run; the constraint is in the message.",
    ),
    _job(
        r"failed to satisfy constraint",
        "BadValue",
        "AWS does not accept a value of the request.",
        "Correct it in the run; the constraint is in the message.",
    ),
    _job(
        r"MaxPendingTimeExceeded",
        "MaxPending",
        "The job waited longer for its instances than it was allowed to.",
        "Choose another instance type or region, or a longer time.",
    ),
    _job(
        r"KeepAlivePeriod\w*[^\n]{0,80}(?:not|cannot|must)|warm pools?[^\n]{0,60}not (?:supported|available)",
        "WarmPool",
        "A warm pool (keep_alive) is not possible for this job.",
        "Remove instance.keep_alive from the run: spot jobs and some types have none.",
    ),
    # TagResource and CreateTrainingJob, Tags (SageMaker API reference).
    _job(
        r"duplicate tag|"
        r"tag keys?[^\n]{0,80}(?:reserved|aws:|duplicate|invalid)|(?:too many|number of) tags|TooManyTags",
        "Tags",
        "AWS does not accept the tags of the run.",
        "Use at most 50 tags, each key once, and none that starts with aws:.",
    ),
    _job(
        r"KMS[^\n]{0,200}(?:not exist|not found|NotFound|invalid|disabled|not enabled|pending deletion)|Invalid KMS",
        "Key",
        "A KMS key of the run does not exist in this region, or is not enabled.",
        "Correct kms.output or kms.volume in the run: a key of the job's region.",
    ),
)
