"""List the texts of recipes, and of the service about customizations (jumpstart-2026 §2.6)."""

from __future__ import annotations

from jsft_tui.core.failures.diagnosis import FailurePattern, known
from jsft_tui.core.failures.origin import Origin

_ORIGINS = frozenset({Origin.SCRIPT, Origin.SERVICE, Origin.API, Origin.UNKNOWN})


def _recipe(pattern: str, code: str, cause: str, remedy: str) -> FailurePattern:
    return known(pattern, code, cause, remedy, origins=_ORIGINS)


PATTERNS = (
    _recipe(
        r"[Tt]rain dataloader is empty",
        "EmptyBatch",
        "The training data has fewer records than one batch, after the split into training and validation.",
        "Set a smaller global_batch_size, add records, or give validation data of its own.",
    ),
    known(
        r"neither messages nor prompt and completion|has no (?:prompt|chosen|rejected)\b|"
        r"channel '[^']{1,40}' has no (?:JSON lines|records)",
        "Dataset",
        "The records have another form than the technique takes (a text of jsft's sandbox).",
        "Convert them: jsft convert FROM TO --to sft (or dpo).",
        origins=_ORIGINS,
    ),
    known(
        r"(?:dataset|training data|records?)\b[^\n]{0,160}(?:validation failed|is not valid|could not be parsed|"
        r"malformed|missing (?:the )?required|is empty)|"
        r"invalid (?:training |validation )?(?:dataset|data format|JSONL)|"
        r"must follow '\{",
        "Dataset",
        "The records have another form than the technique takes, or are no JSON lines.",
        "Convert them: jsft convert FROM TO --to sft (or dpo).",
        origins=_ORIGINS,
        unverified=True,
    ),
    known(
        r"[Rr]eward\b[^\n]{0,200}(?:timed out|returned an error|raised|Task timed out|invalid response|failed)",
        "RewardFailed",
        "The reward function failed, or took too long.",
        "Try the Lambda function with records of the data: it must return a number for each, in time.",
        origins=_ORIGINS,
        unverified=True,
    ),
    # Bedrock's words for its quotas (the judge of RLAIF).
    known(
        r"Throttl\w+[^\n]{0,80}(?:InvokeModel|Converse)|Too many (?:tokens|requests), please wait",
        "ServiceBusy",
        "A service that the training calls (the judge, the reward function) throttles it.",
        "Launch the job again later, or request a higher quota of that service.",
        origins=_ORIGINS,
        unverified=True,
    ),
    _recipe(
        r"[Pp]reset reward function is not supported",
        "PresetReward",
        "The recipe takes no preset reward, or an empty one was sent.",
        "Remove preset_reward_function, or name an evaluator.",
    ),
    _recipe(
        r"Model ?Package ?Group\b.{0,200}does not exist",
        "NoPackageGroup",
        "The model package group, in which the tuned model is registered, does not exist.",
        "Create it (jsft groups --create), or name another.",
    ),
)
