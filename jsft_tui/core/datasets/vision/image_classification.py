"""Check data for image classification: one folder of images per class.

Sources: developer guide, jumpstart-fine-tune (.jpg) and image-classification-tensorflow (.jpg, .jpeg, .png).
JumpStart's scripts read with torchvision's ImageFolder and Keras' flow_from_directory, which walk into the folders
below a class, hidden ones too, and take more endings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.batch_size import batch_findings
from jsft_tui.core.datasets.base.contents import Here
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.base.file_kinds import there_instead
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.leftovers import leftover
from jsft_tui.core.datasets.base.needs import Glance, Need, about, always
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, passed, warn
from jsft_tui.core.datasets.vision.class_names import imbalance, twins
from jsft_tui.core.datasets.vision.images.image_folder import Below, below, left_images, none_of_them, undocumented
from jsft_tui.core.datasets.vision.images.image_samples import evenly, is_image, judged, without_empty
from jsft_tui.core.datasets.vision.images.readers import endings, extension, reader

SUMMARY = "One folder per class, with that class's images in it."
RULES = (
    "As many folders directly under the prefix as there are classes (at least two); the folder's name is the class.",
    "The images lie in their class folder, .jpg (TensorFlow models also .jpeg and .png).",
    "Nothing beside the class folders: loose images belong to no class.",
)
FEW_IMAGES = 10
CLASSES_AT_ONCE = 8
"""Classes whose images are read in one batch."""
_SPLIT_NAMES = frozenset({"train", "training", "val", "valid", "validation", "test"})


@dataclass(frozen=True)
class _ClassFolder:
    """A class and what lies in its folder, and in the folders below that.

    Attributes:
        name: the folder's.
        images: what the reader takes, wherever it lies.
        others: what else lies directly in it.
        listing: what lies directly in it.
        deeper: what lies in the folders below.
    """

    name: str
    images: tuple[DataObject, ...]
    others: tuple[DataObject, ...]
    listing: Listing
    deeper: Below

    @property
    def has_own_images(self) -> bool:
        """Whether any image lies directly in it."""
        return any(item.name.count("/") == self.name.count("/") for item in self.images)

    @property
    def is_split(self) -> bool:
        """Whether it sounds like a part of a dataset that has classes in it."""
        return self.name.strip("/").lower() in _SPLIT_NAMES


def lint(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about an image classification dataset."""
    root = data.listing()
    yield from about(BESIDE.name, _loose(root))
    _saw_names(root, data)
    if len(root.prefixes) < 2:
        # Images beside the folders can fill the listing before any folder comes.
        judge = block if root.complete else warn
        why = f"{_folders(root)}; there must be at least two class folders directly under the prefix."
        yield from about(CLASSES.name, [judge("", why)])
        if not root.prefixes:
            return
    taken = endings(question.framework)
    folders = [
        _class_folder(prefix, listing, below(data, listing), taken)
        for prefix, listing in zip(root.prefixes, data.listings(root.prefixes), strict=True)
    ]
    for folder in folders:
        yield from about(FOLDERS.name, _judge_left(folder))
    folders = [folder for folder in folders if not leftover(folder.name)]
    for folder in folders:
        yield from about(IMAGES.name, _judge_folder(folder, alone=len(root.prefixes) == 1))
    yield from about(FOLDERS.name, _names(folders))
    yield from about(FOLDERS.name, twins([folder.name for folder in folders]))
    yield from about(CLASSES.name, imbalance({each.name: len(each.images) for each in folders if each.images}))
    yield from _fit(folders, question)
    yield from about(IMAGES.name, _images_in_all(folders, question.framework))
    yield from about(IMAGES.name, _looked_into(folders, data))
    _count(folders, data)


def _saw_names(root: Listing, data: BudgetedDataset) -> None:
    number, more = len(root.prefixes), "" if root.complete else "+"
    data.contents.saw(FOLDERS.name, f"{plural(number, 'folder')}{more}" if number else "no folders")
    data.contents.saw(CLASSES.name, f"{plural(number, 'class', 'classes')}{more}")
    files = sum(1 for item in root.objects if item.name and item.size)
    data.contents.saw(BESIDE.name, plural(files, "file") if files else "nothing")


def _count(folders: list[_ClassFolder], data: BudgetedDataset) -> None:
    classes = {folder.name.removesuffix("/"): len(folder.images) for folder in folders}
    complete = all(folder.listing.complete and folder.deeper.complete for folder in folders)
    data.contents.count("images", sum(classes.values()), classes, complete=complete)


def _fit(folders: list[_ClassFolder], question: DataQuestion) -> Iterator[LintFinding]:
    """Yield what of the hyperparameters does not fit the classes and images, where all of these are known."""
    if question.says("binary_mode") and len(folders) > 2:
        yield warn("", f"binary_mode is True, which is for two classes; there are {len(folders):,}.")
    if all(folder.listing.complete and folder.deeper.complete for folder in folders):
        yield from batch_findings(question, sum(len(folder.images) for folder in folders), "images")


def _images_in_all(folders: list[_ClassFolder], framework: str) -> Iterator[LintFinding]:
    images = [item for folder in folders for item in folder.images]
    yield from undocumented(images, f"is read by {reader(framework)}")
    nested = [folder for folder in folders if folder.images and folder.listing.prefixes and not folder.is_split]
    if nested and len(folders) > 1:
        first = nested[0]
        why = f"is a folder inside a class folder; {reader(framework)} walks into it"
        why += f", and its images count as {first.name}"
        yield warn(first.listing.prefixes[0], f"{why} ({plural(len(nested), 'class', 'classes')} with folders in all).")


def _looked_into(folders: list[_ClassFolder], data: BudgetedDataset) -> Iterator[LintFinding]:
    found = FindingsByKind()
    looked_at = 0
    for start in range(0, len(folders), CLASSES_AT_ONCE):
        some = folders[start : start + CLASSES_AT_ONCE]
        share = len(some) / (len(folders) - start)  # every class gets its share of the budgets
        looked_at += _look_into_classes(some, data, share, found)
    yield from found.all()
    images = sum(len(folder.images) for folder in folders)
    broken = found.number("empty", "fault")
    data.contents.opened = looked_at
    data.contents.saw(IMAGES.name, f"{looked_at - found.number('fault'):,} of {images:,} open" if images else "none")
    if broken:
        data.contents.facts.append(("Broken", plural(broken, "image")))
    if looked_at < images:
        data.sampled = True
    classes = plural(len(folders), "class", "classes")
    if images and not looked_at:
        yield warn("", "no image was checked: the read limit is too low.")
    elif images:
        yield passed("", f"{classes}, {plural(images, 'image')}; {looked_at:,} opened.")


def _folders(root: Listing) -> str:
    among = "" if root.complete else f" among the first {len(root.objects) + len(root.prefixes):,} entries"
    if root.prefixes:
        return f"there is only the folder {root.prefixes[0]}{among}"
    instead = there_instead(item.name for item in root.objects)
    return f"there are no folders{among}" + (f" ({instead})" if instead else "")


def _loose(root: Listing) -> Iterator[LintFinding]:
    yield from left_images(root.objects, warn)
    loose = [item.name for item in root.objects if is_image(item)]
    other = [item.name for item in root.objects if item.name and not is_image(item) and item.size]
    other = [name for name in other if not leftover(name)]
    if loose:
        count = plural(len(loose), "image")
        yield warn(loose[0], f"lies beside the class folders and belongs to no class ({count} in all).")
    if other:
        yield warn(other[0], f"lies beside the class folders and is ignored ({plural(len(other), 'file')} in all).")


def _class_folder(prefix: str, listing: Listing, deeper: Below, taken: frozenset[str]) -> _ClassFolder:
    own = [item for item in listing.objects if item.name != prefix]
    images = [item for item in (*own, *deeper.objects) if _is_read(item, taken)]
    names = {item.name for item in images}
    others = tuple(item for item in own if item.name not in names)
    return _ClassFolder(prefix, tuple(images), others, listing, deeper)


def _is_read(item: DataObject, taken: frozenset[str]) -> bool:
    """Whether the reader takes it: copies that Jupyter left in a hidden folder too, forks of macOS in vain."""
    return extension(item.name) in taken and leftover(item.name.rpartition("/")[2]) is None


def _judge_left(folder: _ClassFolder) -> Iterator[LintFinding]:
    """Yield what other programs left: a folder that would be a class, and files and folders in a class."""
    left = leftover(folder.name)
    if left:
        # Forks have the names of images and are none; a class without any image is refused by ImageFolder.
        judge = warn if folder.images and left.maker != "macOS" else block
        yield judge(folder.name, f"is {left}; it would become a class.")
        return
    yield from left_images((*folder.listing.objects, *_forks(folder)), block)
    for prefix in folder.listing.prefixes:
        inner = leftover(prefix)
        read = [item for item in folder.images if item.name.startswith(prefix)]
        if inner and read:
            count = plural(len(read), "image")
            yield warn(prefix, f"is {inner}; what lies in it ({count}) is trained on as {folder.name}")


def _forks(folder: _ClassFolder) -> list[DataObject]:
    """Files of macOS in the folders below a class, by their own names."""
    return [item for item in folder.deeper.objects if item.name.rpartition("/")[2].startswith("._")]


def _judge_folder(folder: _ClassFolder, *, alone: bool) -> Iterator[LintFinding]:
    deeper = folder.listing.prefixes[0] if folder.listing.prefixes else ""
    if deeper and not folder.has_own_images and (alone or folder.is_split):
        yield block(folder.name, f"has no images itself, only folders ({deeper}); images lie one level too deep.")
        return
    others = [item for item in folder.others if not leftover(item.name)]
    if not folder.images:
        if others:
            yield block(folder.name, f"has no .jpg, .jpeg or .png images ({none_of_them(others)}).")
        elif deeper:
            yield block(folder.name, f"has no images, neither itself nor in its folders ({deeper}).")
        else:
            yield block(folder.name, "is empty.")
        return
    if others:
        why = f"is not a .jpg, .jpeg or .png image and is ignored ({len(others):,} in {folder.name})."
        yield warn(others[0].name, why)
    if folder.listing.complete and folder.deeper.complete and len(folder.images) < FEW_IMAGES:
        yield warn(folder.name, f"has only {plural(len(folder.images), 'image')}.")


def _names(folders: list[_ClassFolder]) -> Iterator[LintFinding]:
    hidden = [folder.name for folder in folders if folder.name.startswith(".")]
    if hidden:
        yield warn(hidden[0], "would become a class; remove it.")
    splits = [folder.name for folder in folders if folder.is_split]
    if splits:
        yield warn(splits[0], "sounds like a split, not like a class: point the training channel at the folder in it.")


def _look_into_classes(folders: list[_ClassFolder], data: BudgetedDataset, share: float, found: FindingsByKind) -> int:
    """Check images of some classes, spread over each folder, within a share of the budgets; return their number."""
    chosen: list[DataObject] = []
    part = share / len(folders)
    for folder in folders:
        chosen += evenly(without_empty(folder.images, found), data.left * part, data.reads * part)
    return sum(1 for _ in judged(chosen, data, found))


SAMPLE = Sample(
    "one folder per class",
    (
        "s3://your-bucket/flowers/",
        "├─ daisy/   001.jpg 002.jpg …",
        "├─ rose/    001.jpg 002.jpg …",
        "└─ tulip/   001.jpg 002.jpg …",
    ),
    ".jpg .jpeg .png, 2+ classes",
    "flowers/ ─ daisy/ 001.jpg …  rose/ 001.jpg …  tulip/ 001.jpg …",
)


def _look_at_folders(glance: Glance) -> Here:
    """Judge folders by whether images lie in them."""
    folders = glance.folders
    if not folders:
        return Here("no folders", glance.missing())
    own = {item.name.partition("/")[0] for item in glance.objects if item.name.count("/") == 1 and is_image(item)}
    if not own:
        deeper = any(is_image(item) for item in glance.objects if item.name.count("/") > 1)
        return Here("images lie deeper" if deeper else "no images in them", Level.BLOCK)
    if len(own) < len(folders):
        level = Level.BLOCK if len(own) * 2 < len(folders) else Level.WARN
        return Here(f"{len(own):,} of {len(folders):,} hold images", level)
    return Here(glance.count(len(folders), "folder"))


def _look_at_classes(glance: Glance) -> Here:
    number = len(glance.folders)
    return Here(glance.count(number, "class", "classes"), Level.PASS if number > 1 else glance.missing())


def _look_at_images(glance: Glance) -> Here:
    number = sum(1 for item in glance.objects if "/" in item.name and is_image(item))
    loose = sum(1 for item in glance.top if is_image(item))
    if loose and not number:
        return Here(f"{glance.count(loose, 'image')}, loose", Level.BLOCK)
    return Here(glance.count(number, "image"), Level.PASS if number else glance.missing())


def _look_beside(glance: Glance) -> Here:
    number = sum(1 for item in glance.top if item.size)
    return Here(plural(number, "file"), Level.WARN) if number else Here("nothing")


FOLDERS = Need("folders", "a folder per class", _look_at_folders)
CLASSES = Need("classes", "two classes or more", _look_at_classes)
IMAGES = Need("images", ".jpg .jpeg .png", _look_at_images)
BESIDE = Need("beside", "nothing beside them", _look_beside)
FORMAT = DataFormat(Task.IMAGE_CLASSIFICATION, SUMMARY, RULES, lint, SAMPLE, always(FOLDERS, CLASSES, IMAGES, BESIDE))
