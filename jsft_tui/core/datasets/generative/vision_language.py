"""Check data for vision-language models: images/ and metadata.jsonl, an image with prompt and completion per line.

Source: AWS's notebook on fine-tuning Llama 3.2 Vision in JumpStart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.needs import Need, about, file_need, folder_need
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, block, passed, warn
from jsft_tui.core.datasets.generative.jsonl_files import finish, read_lines
from jsft_tui.core.datasets.parsers.json_text import shown
from jsft_tui.core.datasets.vision.images.image_folder import ImageFolder, look_into, missing_folder

FILE = "metadata.jsonl"
FOLDER = "images/"
KEYS = ("file_name", "prompt", "completion")
FEW_LINES = 10
JSON_SHARE = 0.5
"""Part of the byte budget for the file; the images get the rest."""


def is_vision_language(model_id: str) -> bool:
    """Return whether a text generation model also reads images, by its id (`meta-vlm-llama-3-2-11b-vision`)."""
    return model_id.split("-")[1:2] == ["vlm"]


def lint_captions(data: BudgetedDataset) -> Iterator[LintFinding]:
    """Yield all findings about images with prompts."""
    root = data.listing()
    item = next((found for found in root.objects if found.name == FILE), None)
    if item is None:
        why = f"there is no {FILE} directly under the prefix."
        data.contents.saw(FILE, "missing")
        yield from about(FILE, [block("", why) if root.complete else warn("", why)])
    if FOLDER not in root.prefixes:
        data.contents.saw(FOLDER, "missing")
        yield from about(FOLDER, [missing_folder(root, FOLDER)])
    if item is None or FOLDER not in root.prefixes:
        return
    folder = ImageFolder.of(data, FOLDER)
    data.contents.saw(FOLDER, plural(len(folder.images), "image"))
    yield from about(FOLDER, folder.findings(FOLDER, 0))
    judge = _Judge(folder)
    lines = read_lines(data, [item], judge, JSON_SHARE)
    looked_at = sum(1 for _ in look_into(folder.images, data, judge.found))
    data.contents.saw(FILE, str(lines.number) + (" line" if lines.number == 1 else " lines"))
    bad = judge.found.number("key", "text", "empty", "file")
    data.contents.saw(KEYS_NEED.name, f"{bad:,} bad values" if bad else "in each line")
    data.contents.count("lines", lines.number, complete=lines.complete)
    opened = looked_at - judge.found.number("fault")
    data.contents.saw(OPEN.name, f"{opened:,} of {len(folder.images):,} open")
    yield from finish(lines, judge, FEW_LINES, _NEEDS)
    unused = [image.name for image in folder.images if image.name not in judge.named]
    if lines.complete and unused:
        yield warn(unused[0], f"is in no line of {FILE} ({len(unused):,} in all).")
    if lines.number:
        yield passed("", f"{lines}, {plural(len(folder.images), 'image')}; {looked_at:,} opened.")


KEYS_NEED = Need("keys", "image, prompt, answer")
OPEN = Need("open", ".jpg .jpeg .png")


def caption_needs() -> tuple[Need, ...]:
    """Return the needs of images with prompts."""
    return file_need(FILE), folder_need(FOLDER), KEYS_NEED, OPEN


_NEEDS = {"": KEYS_NEED.name, **dict.fromkeys(("open", "fault", "doubt", "format"), OPEN.name)}


@dataclass
class _Judge:
    """Checks that each line has an existing image, a prompt and a completion."""

    folder: ImageFolder
    named: set[str] = field(default_factory=set)
    found: FindingsByKind = field(default_factory=FindingsByKind)

    def line(self, fields: Mapping[str, object], where: str) -> None:
        """Check for three strings."""
        for key in KEYS:
            value = fields.get(key)
            if key not in fields:
                self.found.add("key", block(where, f"has no key {key!r}; each line needs {', '.join(KEYS)}."))
            elif not isinstance(value, str):
                self.found.add("text", block(where, f"has {shown(value)} as {key}; it must be a string."))
            elif not value.strip():
                self.found.add("empty", block(where, f"has an empty {key}."))
            elif key == "file_name":
                self._file(value, where)

    def _file(self, name: str, where: str) -> None:
        self.named.add(name)
        if self.folder.lacks(name):
            hint = f"; names start with {FOLDER}" if not self.folder.lacks(FOLDER + name) else ""
            self.found.add("file", block(where, f"names {shown(name)}, which does not exist{hint}."))
