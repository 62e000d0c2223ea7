"""All actions, screen by screen: the one table that bindings, footer, help and palette are made from."""

from __future__ import annotations

from jsft_tui.tui.keymap.action import SCREENS, Action, ScreenId

_GO_TO = tuple(
    Action(f"go_{where.value}", (str(number),), where.value, f"Go to {where.title}.", f"app.go('{where.value}')", None)
    for number, where in enumerate(SCREENS, start=1)
)

_ANYWHERE = (
    *_GO_TO,
    Action("help", ("question_mark",), "help", "Show every key of this screen.", "app.help", 1),
    Action("palette", ("ctrl+p",), "commands", "Find any action by its name.", "app.palette", 2),
    Action("back", ("escape",), "back", "Go back to where you were.", "app.back", None),
    Action("target", ("ctrl+t",), "target", "Switch profile or region, or enter the sandbox.", "app.target", 7),
    Action("settings", ("comma",), "settings", "Role, network, keys, tags: what every run gets.", "app.settings", 7),
    Action("theme", (), "theme", "Choose colours: dark, light, high contrast, 16 colours.", "app.choose_theme", None),
    Action("retry", ("ctrl+r",), "retry", "Ask again for what could not be found out.", "app.retry", None),
    Action("redraw", ("ctrl+l",), "redraw", "Draw the whole screen anew.", "app.redraw", None, over_all=True),
    Action(
        "suspend",
        ("ctrl+z",),
        "suspend",
        "Put aside; fg brings it back.",
        "app.suspend_process",
        None,
        over_all=True,
    ),
    Action("quit", ("q",), "quit", "Leave; jobs go on running.", "app.leave", 6),
    Action("interrupt", ("ctrl+c",), "quit", "Twice: leave at once.", "app.interrupt", None, over_all=True),
)

_MODELS = (
    Action("pick_model", ("enter",), "choose", "Take this model into the run.", "screen.pick", 0),
    Action("filter_models", ("slash",), "filter", "Filter by id, task and framework as you type.", "screen.filter", 1),
    Action("facet_task", ("t",), "task", "Only models of one task.", "screen.choose_task", 3),
    Action("facet_framework", ("f",), "framework", "Only models of one framework.", "screen.choose_framework", 4),
    Action("all_models", ("a",), "all models", "Also models that cannot be fine-tuned.", "screen.toggle_all", 4),
    Action("versions", ("v",), "versions", "Choose an older version of this model.", "screen.versions", 4),
    Action("card", ("e",), "card", "Show or hide the model's card.", "screen.toggle_card", 5),
    Action("reload_models", ("r",), "reload", "Ask for the catalogue again.", "screen.reload", 6),
)

_DATA = (
    Action("open_place", ("enter",), "open", "Open this bucket or prefix; preview this object.", "screen.open", 0),
    Action("use_data", ("space",), "use it", "Train with this prefix.", "screen.use", 0),
    Action("use_validation", ("V",), "validation", "Validate with this prefix.", "screen.use_validation", 5),
    Action("parent", ("backspace", "left", "h"), "up", "Go to the prefix above.", "screen.parent", 4),
    Action("filter_data", ("slash",), "filter", "Filter what is listed as you type.", "screen.filter", 4),
    Action("type_uri", ("u",), "type URI", "Type a place (works without listing buckets).", "screen.type_uri", 1),
    Action("default_data", ("d",), "default data", "Train with the model's default dataset.", "screen.use_default", 2),
    Action("recents", ("r",), "recent", "Go to a place used lately.", "screen.recents", 4),
    Action("lint", ("v",), "check", "Check this prefix for what the model wants.", "screen.lint", 1),
    Action("upload", ("U",), "upload", "Upload a local folder to here.", "screen.upload", 3),
    Action("output_here", ("o",), "output here", "Put trained models under this prefix.", "screen.output_here", 2),
    Action("copy_uri", ("y",), "copy URI", "Send the URI to the clipboard.", "screen.copy", 5),
    Action("cancel_work", ("x",), "cancel", "Stop the check or the upload that runs.", "screen.cancel", 5),
    Action("panes", ("p",), "preview", "Show or hide the preview and what the model wants.", "screen.panes", 5),
    Action("reload_data", ("R",), "reload", "List this place again.", "screen.reload", 6),
)

_INSTANCE = (
    Action("choose_instance", ("enter",), "choose", "Run on this instance type.", "screen.choose", 0),
    Action("gpu_filter", ("f",), "GPUs", "Only types with so many GPUs; again for the next count.", "screen.gpus", 1),
    Action("sort_instances", ("s",), "sort", "Sort by price, GPUs, memory or name.", "screen.sort", 2),
    Action("instance_count", ("c",), "count", "How many instances.", "screen.count", 3),
    Action("spot", ("S",), "spot", "Managed spot training on or off.", "screen.spot", 3),
    Action("disk", ("d",), "disk", "Disk of each instance in GB.", "screen.disk", 4),
    Action("max_runtime", ("m",), "max run", "After so long the job is stopped.", "screen.max_runtime", 3),
    Action("max_wait", ("w",), "max wait", "Spot: run time and waiting together.", "screen.max_wait", 5),
    Action("all_instances", ("a",), "all types", "Also types that the model's spec does not list.", "screen.all", 5),
    Action("filter_instances", ("slash",), "filter", "Filter by name as you type.", "screen.filter", 5),
    Action("reload_instances", ("r",), "reload", "Ask for prices and quotas again.", "screen.reload", 6),
)

_HYPERPARAMETERS = (
    Action("edit", ("enter",), "edit", "Edit this value.", "screen.edit", 0),
    Action("reset_one", ("x", "delete"), "reset", "Take this value back to the model's default.", "screen.reset", 1),
    Action("reset_all", ("X",), "reset all", "Take every value back to its default.", "screen.reset_all", 3),
    Action("only_changed", ("c",), "changed only", "Show only what differs from the defaults.", "screen.changed", 2),
    Action("follow_batch", ("b",), "auto batch", "Let the batch size follow the instance.", "screen.auto_batch", 3),
    Action("filter_values", ("slash",), "search", "Search names and help as you type.", "screen.filter", 2),
)

_REVIEW = (
    Action("launch", ("L",), "launch", "Launch the training job.", "screen.launch", 0),
    Action("recheck", ("r",), "check again", "Run all checks again.", "screen.check", 2),
    Action("fix", ("f",), "fix", "Apply the remedy of this finding; shows the change first.", "screen.fix", 1),
    Action("next_view", ("v", "right_square_bracket"), "view", "Findings, request, code.", "screen.next_view", 2),
    Action("accept_eula", ("e",), "licence", "Read and accept the model's licence.", "screen.eula", 3),
    Action("rename", ("n",), "name", "Give the job another name.", "screen.rename", 3),
    Action("save_run", ("w",), "save", "Save the draft as a run file.", "screen.save", 4),
    Action("export", ("x",), "export", "Save the request as code.", "screen.export", 4),
    Action("copy_request", ("y",), "copy", "Send what is shown to the clipboard.", "screen.copy", 5),
)

_JOBS = (
    Action("open_job", ("enter",), "open", "Watch this job.", "screen.open", 0),
    Action("filter_jobs", ("slash",), "filter", "Filter by name, model, status as you type.", "screen.filter", 2),
    Action("job_status", ("f",), "status", "Only jobs of one status.", "screen.status", 3),
    Action("stop_job", ("s",), "stop", "Stop this job; it may save what it has.", "screen.stop", 1),
    Action("clone_job", ("c",), "clone", "Take this job's settings into the draft.", "screen.clone", 2),
    Action("download_job", ("d",), "download", "Download this job's model.", "screen.download", 3),
    Action("mark_job", ("space",), "mark", "Mark this job to compare it with others; again: not.", "screen.mark", 4),
    Action("compare_jobs", ("C",), "compare", "Compare the marked jobs, two to six.", "screen.compare", 4),
    Action("go_on", ("i",), "go on", "A draft that goes on from this job's model (incremental).", "screen.go_on", 6),
    Action("peek_model", ("p",), "peek", "List what is in this job's model, without downloading it.", "screen.peek", 6),
    Action("try_model", ("T",), "try", "Sandbox: ask this job's model about an example.", "screen.try_model", 6),
    Action("copy_arn", ("y",), "copy ARN", "Send the job's ARN to the clipboard.", "screen.copy", 5),
    Action("type_job", ("u",), "type name", "Watch a job by its name (works without listing).", "screen.type_name", 6),
    Action("cancel_download", ("x",), "cancel", "Stop the download that runs.", "screen.cancel", 7),
    Action("reload_jobs", ("r",), "reload", "Ask for the list again.", "screen.reload", 6),
)

_JOB = (
    Action("search_log", ("slash",), "search", "Search the log as you type.", "screen.search", 2),
    Action("filter_log", ("ampersand",), "filter", "Show only lines that contain a text.", "screen.filter_log", 5),
    Action("follow_log", ("f",), "follow", "Go to the end of the log and stay there.", "screen.follow", 2),
    Action("save_log", ("w",), "save log", "Save the whole log to a file.", "screen.save_log", 4),
    Action("next_metric", ("m",), "metric", "Chart the next metrics.", "screen.next_metric", 4),
    Action("stop_this", ("s",), "stop", "Stop this job; it may save what it has.", "screen.stop", 1),
    Action("clone_this", ("c",), "clone", "Take this job's settings into the draft.", "screen.clone", 2),
    Action(
        "retry_job",
        ("x",),
        "retry fixed",
        "A draft with the remedy applied; stops a download.",
        "screen.retry_fixed",
        3,
    ),
    Action("download_this", ("d",), "download", "Download the model.", "screen.download", 1),
    Action("go_on_this", ("i",), "go on", "A draft that goes on from the model (incremental).", "screen.go_on", 5),
    Action("peek_this", ("p",), "peek", "List what is in the model, without downloading it.", "screen.peek", 5),
    Action("try_this", ("T",), "try", "Sandbox: ask the model about an example.", "screen.try_model", 5),
    Action("copy_field", ("y",), "copy", "Send the ARN, path or name to the clipboard.", "screen.copy", 3),
    Action("job_view", ("v",), "configuration", "The output, or all that the job was given.", "screen.next_view", 4),
)

_COMPARE = (
    Action("whole_values", ("enter",), "whole values", "Show this row's values in full.", "screen.whole_values", 1),
    Action("all_rows", ("a",), "all rows", "Also the rows in which all jobs are alike.", "screen.toggle_all", 0),
    Action("compare_metric", ("m",), "metric", "Chart the next metric.", "screen.next_metric", 0),
    Action("save_table", ("x",), "save CSV", "Save all rows as CSV.", "screen.save", 2),
    Action("reload_compare", ("r",), "reload", "Read the jobs again.", "screen.reload", 3),
)

_SETTINGS = (
    Action("edit_setting", ("enter",), "edit", "Find or type a value for this run.", "screen.edit", 0),
    Action("type_setting", ("u",), "type", "Type the value by hand.", "screen.type_value", 1),
    Action("clear_setting", ("x", "delete"), "clear", "Take back what this run says itself.", "screen.clear", 2),
    Action("keep_setting", ("w",), "keep", "Keep this value in jsft's config for every run.", "screen.keep", 3),
)

_WELCOME = (
    Action("enter_sandbox", ("s",), "sandbox", "Enter the sandbox: no account, nothing is paid.", "screen.sandbox", 0),
    Action("choose_target", ("p",), "profile", "Choose a profile and a region.", "app.target", 1),
    Action("try_again", ("r",), "try again", "Look for credentials again.", "screen.again", 1),
)

BY_SCREEN: dict[ScreenId, tuple[Action, ...]] = {
    ScreenId.ANYWHERE: _ANYWHERE,
    ScreenId.MODELS: _MODELS,
    ScreenId.DATA: _DATA,
    ScreenId.INSTANCE: _INSTANCE,
    ScreenId.HYPERPARAMETERS: _HYPERPARAMETERS,
    ScreenId.REVIEW: _REVIEW,
    ScreenId.JOBS: _JOBS,
    ScreenId.JOB: _JOB,
    ScreenId.COMPARE: _COMPARE,
    ScreenId.SETTINGS: _SETTINGS,
    ScreenId.WELCOME: _WELCOME,
}
