"""Actions on a job, of the list of jobs and of the view of one."""

from __future__ import annotations

from jsft_tui.tui.keymap.action import Action

STOP = Action(
    "stop_job", ("S",), "stop", "Stop this job; it may save what it has.", "screen.stop", 1, brief="stop a job"
)
CLONE = Action(
    "clone_job", ("c",), "clone", "Clone this job's settings into a run.", "screen.clone", 3, brief="clone into a run"
)
DOWNLOAD = Action(
    "download_job", ("d",), "download", "Download this job's model.", "screen.download", 5, brief="download the model"
)
JOB_ACTIONS = (
    Action(
        "retry_job",
        ("a",),
        "apply fix",
        "A run with the suggested fix applied.",
        "screen.retry_fixed",
        None,
        former=("R",),
        brief="apply the fix",
    ),
    Action(
        "cancel_download",
        ("x",),
        "cancel",
        "Cancel the download or the unpacking.",
        "screen.cancel_download",
        1,
        brief="cancel the download",
    ),
    Action(
        "deploy_job",
        ("E",),
        "deploy",
        "Deploy this job's model to an endpoint.",
        "screen.deploy",
        None,
        brief="deploy the model",
    ),
    Action(
        "continue_job",
        ("i",),
        "train on",
        "Train on from this job's model.",
        "screen.continue",
        None,
        brief="train on from it",
    ),
    Action(
        "peek_model",
        ("p",),
        "peek",
        "List what is in this job's model, without downloading it.",
        "screen.peek",
        None,
        brief="look into the model",
    ),
    Action(
        "try_model",
        ("t",),
        "try it",
        "Ask this job's model: behind its endpoint, or in the sandbox as it is.",
        "screen.try_model",
        None,
        short="try",
        former=("T",),
    ),
)
"""Of the job under the cursor on the Jobs screen, and of the one that the Job screen shows."""
