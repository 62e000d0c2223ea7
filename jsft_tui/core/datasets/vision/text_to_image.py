"""Text to image (Stable Diffusion): a handful of images of one subject, and dataset_info.json with what to call it.

Source: AWS's notebook "Introduction to JumpStart - Text to Image" (fine-tuning).
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.data_format import DataFormat
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, passed, warn
from jsft_tui.core.datasets.parsers.json_text import UnreadableJsonError, decoded, shown, value_of
from jsft_tui.core.datasets.text.data_csv import beside
from jsft_tui.core.datasets.vision.image_folder import look_into
from jsft_tui.core.datasets.vision.image_samples import is_image

SUMMARY = "Images and dataset_info.json with instance_prompt."
RULES = (
    "At least five .png, .jpg or .jpeg images, directly under the prefix.",
    'dataset_info.json: {"instance_prompt": ..., "class_prompt": ...}.',
    "class_prompt is needed with prior preservation only; class_data_dir/ may hold images of the class.",
)
FILE = "dataset_info.json"
CLASS_FOLDER = "class_data_dir/"
FEW_IMAGES = 5
MOST_BYTES = 64 * 1024


def lint(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about a text-to-image dataset."""
    root = data.listing()
    item = next((found for found in root.objects if found.name == FILE), None)
    if item is not None:
        yield from _info(data, item, question)
    elif root.complete:
        yield block("", f"there is no {FILE} directly under the prefix.")
    else:
        yield warn("", f"there is no {FILE} among the first {len(root.objects):,} objects.")
    yield from _structure(root)
    images = [found for found in root.objects if is_image(found)]
    found = FindingsByKind()
    looked_at = sum(1 for _ in look_into(images, data, found))
    yield from found.all()
    if images:
        yield passed("", f"{plural(len(images), 'image')}; {looked_at:,} of them looked into.")


def _structure(root: Listing) -> Iterator[LintFinding]:
    images = [item for item in root.objects if is_image(item)]
    others = [item for item in root.objects if item.name not in (FILE, "") and not is_image(item) and item.size]
    folders = [prefix for prefix in root.prefixes if prefix != CLASS_FOLDER]
    if images:
        if root.complete and len(images) < FEW_IMAGES:
            yield warn("", f"there are only {plural(len(images), 'image')}; at least five are advised.")
    elif folders:
        yield block("", f"there are no images directly under the prefix; are they one level deeper, in {folders[0]}?")
    elif others:
        yield block("", f"there are no .jpg, .jpeg or .png images ({others[0].name} is none).")
    elif root.complete:
        yield block("", "there are no images directly under the prefix.")
    if images and folders:
        yield warn(folders[0], f"is a folder; images must lie beside {FILE}, and only {CLASS_FOLDER} is known.")
    if others and images:
        yield beside(others, "the images")


def _info(data: BudgetedDataset, item: DataObject, question: DataQuestion) -> Iterator[LintFinding]:
    if item.size > MOST_BYTES:
        yield block(FILE, f"has {item.size:,} bytes; it must hold two short texts.")
        return
    body = data.read(FILE, 0, item.size)
    if len(body) < item.size:
        yield warn(FILE, "was not looked into: too little may be read.")
        return
    try:
        info = value_of(decoded(body))
    except UnreadableJsonError as error:
        yield block(f"{FILE} line {error.line}", f"{error.reason}.")
        return
    if not isinstance(info, dict):
        yield block(FILE, f"is {shown(info)}; it must be an object with instance_prompt.")
        return
    yield from _prompts(info, needs_class=bool(question.says("with_prior_preservation")))


def _prompts(info: dict[str, object], *, needs_class: bool) -> Iterator[LintFinding]:
    wanted = {"instance_prompt": "", **({"class_prompt": " with prior preservation"} if needs_class else {})}
    for key, why in wanted.items():
        if key not in info:
            yield block(FILE, f"has no {key}, which is needed{why}.")
    for key in ("instance_prompt", "class_prompt"):
        value = info.get(key)
        if key in info and not (isinstance(value, str) and value.strip()):
            what = "an empty text" if isinstance(value, str) else shown(value)
            judge = block if key in wanted else warn
            yield judge(FILE, f"has {what} as {key}; it must say what is in the images.")
        elif isinstance(value, str):
            yield passed(FILE, f"{key}: {shown(value)}.")


FORMAT = DataFormat(Task.TEXT_TO_IMAGE, SUMMARY, RULES, lint)
