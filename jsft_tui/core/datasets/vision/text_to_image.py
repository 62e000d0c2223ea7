"""Check data for text to image (Stable Diffusion): a few images of one subject, and dataset_info.json with its prompt.

Source: AWS's notebook "Introduction to JumpStart - Text to Image" (fine-tuning).
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.text import plural, there_are_only
from jsft_tui.core.datasets.base.contents import Here
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.json_mark import mark_findings
from jsft_tui.core.datasets.base.leftovers import leftover
from jsft_tui.core.datasets.base.needs import Glance, Need, about, always, file_need
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, passed, warn
from jsft_tui.core.datasets.parsers.json_text import UnreadableJsonError, decoded, shown, value_of
from jsft_tui.core.datasets.text.data_csv import beside
from jsft_tui.core.datasets.vision.images.image_folder import left_images, look_into, none_of_them, undocumented
from jsft_tui.core.datasets.vision.images.image_samples import is_image

SUMMARY = "Images and dataset_info.json with instance_prompt."
RULES = (
    "At least five .png, .jpg or .jpeg images, directly under the prefix.",
    'dataset_info.json: {"instance_prompt": ..., "class_prompt": ...}.',
    "class_prompt is required with prior preservation only; class_data_dir/ may contain images of the class.",
)
FILE = "dataset_info.json"
CLASS_FOLDER = "class_data_dir/"
FEW_IMAGES = 5
MOST_BYTES = 64 * 1024


def lint(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about a text-to-image dataset."""
    root = data.listing()
    item = next((found for found in root.objects if found.name == FILE), None)
    data.contents.saw(FILE, "there" if item else "missing")
    if item is not None:
        yield from about(FILE, _info(data, item, question))
    elif root.complete:
        yield from about(FILE, [block("", f"there is no {FILE} directly under the prefix.")])
    else:
        yield from about(FILE, [warn("", f"there is no {FILE} among the first {len(root.objects):,} objects.")])
    yield from about(IMAGES.name, _structure(root))
    images = [found for found in root.objects if is_image(found)]
    found = FindingsByKind()
    looked_at = sum(1 for _ in look_into(images, data, found))
    data.contents.opened = looked_at
    opened = looked_at - found.number("fault")
    data.contents.saw(IMAGES.name, f"{opened:,} of {len(images):,} open" if images else "none")
    data.contents.count("images", len(images), complete=root.complete)
    yield from about(IMAGES.name, found.all())
    if images:
        yield passed("", f"{plural(len(images), 'image')}; {looked_at:,} opened.")


def _structure(root: Listing) -> Iterator[LintFinding]:
    yield from left_images(root.objects, block)
    images = [item for item in root.objects if is_image(item)]
    others = [item for item in root.objects if item.name not in (FILE, "") and not is_image(item) and item.size]
    others = [item for item in others if not leftover(item.name)]
    folders = [prefix for prefix in root.prefixes if prefix != CLASS_FOLDER and not leftover(prefix)]
    if images:
        yield from undocumented(images, "may be read")
        if root.complete and len(images) < FEW_IMAGES:
            yield warn(
                "",
                f"{there_are_only(len(images), 'image')}; at least five are recommended.",
            )
    elif folders:
        yield block("", f"there are no images directly under the prefix; are they one level deeper, in {folders[0]}?")
    elif others:
        yield block("", f"there are no .jpg, .jpeg or .png images ({none_of_them(others)}).")
    elif root.complete:
        yield block("", "there are no images directly under the prefix.")
    if images and folders:
        yield warn(folders[0], f"is a folder; images must be next to {FILE}, and only {CLASS_FOLDER} is used.")
    if others and images:
        yield beside(others, "the images")


def _info(data: BudgetedDataset, item: DataObject, question: DataQuestion) -> Iterator[LintFinding]:
    if item.size > MOST_BYTES:
        yield block(FILE, f"has {item.size:,} bytes; it must contain two short strings.")
        return
    body = data.read(FILE, 0, item.size)
    if len(body) < item.size:
        yield warn(FILE, "was not checked: the read limit is too low.")
        return
    yield from mark_findings(FILE, body)
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
            yield block(FILE, f"has no {key}, which is required{why}.")
    for key in ("instance_prompt", "class_prompt"):
        value = info.get(key)
        if key in info and not (isinstance(value, str) and value.strip()):
            what = "an empty string" if isinstance(value, str) else shown(value)
            judge = block if key in wanted else warn
            yield judge(FILE, f"has {what} as {key}; it must say what is in the images.")
        elif isinstance(value, str):
            yield passed(FILE, f"{key}: {shown(value)}.")


SAMPLE = Sample(
    "images of one thing, and a prompt",
    (
        "s3://your-bucket/my-dog/",
        "├─ dataset_info.json",
        "└─ 001.jpg 002.jpg 003.jpg …",
    ),
    ".jpg .jpeg .png, 5 or more",
    "my-dog/ ─ dataset_info.json  001.jpg 002.jpg …",
)


def _look_at_images(glance: Glance) -> Here:
    number = sum(1 for item in glance.top if is_image(item))
    return Here(glance.count(number, "image")) if number else Here("none", glance.missing())


IMAGES = Need("images", "images beside it", _look_at_images)
FORMAT = DataFormat(Task.TEXT_TO_IMAGE, SUMMARY, RULES, lint, SAMPLE, always(file_need(FILE), IMAGES))
