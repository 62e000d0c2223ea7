"""Create broken data for language models and for text to image."""

from __future__ import annotations

from jsft_tui.sandbox.seed.datasets.broken_dataset import BrokenDataset
from jsft_tui.sandbox.seed.datasets.formats import (
    FACTS,
    dialogs,
    instructions,
    json_bytes,
    jsonl,
    plain_text,
    subject_images,
)


def wrong_keys() -> BrokenDataset:
    """Use row keys that no template refers to."""
    rows = [{"question": f"What does {service} do?", "answer": f"It {does}."} for service, does, _ in FACTS]
    fault = (
        "the rows of train.jsonl have the keys question and answer; without a template.json they must have "
        "instruction, context and response."
    )
    return BrokenDataset("instructions-wrong-keys", "Instruction tuning", fault, {"train.jsonl": jsonl(rows)})


def unknown_placeholder() -> BrokenDataset:
    """Use a template with a field that the rows do not have."""
    template = {"prompt": "{instruction}\n\n{input}\n\n", "completion": "{response}"}
    fault = "template.json uses {input}, but no row of train.jsonl has a key 'input'."
    objects = {**instructions(), "template.json": json_bytes(template)}
    return BrokenDataset("instructions-unknown-placeholder", "Instruction tuning", fault, objects)


def not_json() -> BrokenDataset:
    """Include a line that is not JSON."""
    objects = instructions()
    lines = objects["train.jsonl"].splitlines(keepends=True)
    lines[3] = lines[3][:-10] + b"\n"
    fault = "line 4 of train.jsonl is not JSON: it is cut off."
    return BrokenDataset(
        "instructions-not-json", "Instruction tuning", fault, {**objects, "train.jsonl": b"".join(lines)}
    )


def roles_out_of_turn() -> BrokenDataset:
    """Include a dialog that the assistant starts."""
    turns = [{"role": "assistant", "content": "Hello."}, {"role": "user", "content": "What does Amazon S3 do?"}]
    fault = "the dialog in line 11 of train.jsonl starts with the assistant; user and assistant must take turns."
    body = dialogs() + jsonl([{"dialog": turns}])
    return BrokenDataset("dialogs-roles", "Chat tuning", fault, {"train.jsonl": body})


def two_text_files() -> BrokenDataset:
    """Include two text files, where domain adaptation requires one."""
    fault = "there are two text files; domain adaptation reads exactly one."
    return BrokenDataset("prose-two-files", "Domain adaptation", fault, {"a.txt": plain_text(), "b.txt": plain_text()})


def no_instance_prompt() -> BrokenDataset:
    """Leave out the instance prompt, which names the subject of the images."""
    objects = {**subject_images(), "dataset_info.json": json_bytes({"class_prompt": "a drawing of a star"})}
    fault = "dataset_info.json has no instance_prompt."
    return BrokenDataset("pictures-no-prompt", "Text to image", fault, objects)


LANGUAGE_FAULTS = (wrong_keys, unknown_placeholder, not_json, roles_out_of_turn, two_text_files, no_instance_prompt)
