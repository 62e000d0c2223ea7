"""Create broken folders of images for image classification."""

from __future__ import annotations

from jsft_tui.sandbox.seed.datasets.broken_dataset import BrokenDataset
from jsft_tui.sandbox.seed.datasets.images import shapes_of

_TASK = "Image classification"


def _two_classes(per_class: int = 12) -> dict[str, bytes]:
    """Return a small valid dataset."""
    return {**dict(shapes_of("circles", per_class)), **dict(shapes_of("squares", per_class))}


def corrupt() -> BrokenDataset:
    """Include a `.jpg` that is not an image."""
    objects = {**_two_classes(), "circles/circles-003.jpg": b"This is a text file with the wrong name.\n"}
    fault = "circles/circles-003.jpg is not an image: it holds text."
    return BrokenDataset("images-corrupt", _TASK, fault, objects)


def truncated() -> BrokenDataset:
    """Include a `.jpg` whose second half is missing."""
    objects = _two_classes()
    name = "squares/squares-005.jpg"
    objects[name] = objects[name][: len(objects[name]) // 2]
    return BrokenDataset("images-truncated", _TASK, f"{name} is cut off in the middle.", objects)


def loose_files() -> BrokenDataset:
    """Put images next to the class folders."""
    objects = _two_classes()
    for name in ("circles/circles-000.jpg", "squares/squares-000.jpg"):
        objects[name.rpartition("/")[2]] = objects.pop(name)
    fault = "circles-000.jpg and squares-000.jpg lie beside the class folders and belong to no class."
    return BrokenDataset("images-loose", _TASK, fault, objects)


def empty_class() -> BrokenDataset:
    """Include an empty class folder: in S3, an empty object whose key ends in a slash."""
    fault = "the class folder triangles/ is empty."
    return BrokenDataset("images-empty-class", _TASK, fault, {**_two_classes(), "triangles/": b""})


def nested() -> BrokenDataset:
    """Nest the class folders one level too deep."""
    objects = {f"photos/{name}": body for name, body in _two_classes().items()}
    fault = "the class folders lie one level too deep, in photos/: every image would be of the class 'photos'."
    return BrokenDataset("images-nested", _TASK, fault, objects)


def one_class() -> BrokenDataset:
    """Include a single class only."""
    return BrokenDataset("images-one-class", _TASK, "there is only one class folder.", dict(shapes_of("circles", 12)))


def no_folders() -> BrokenDataset:
    """Leave out the class folders."""
    objects = {name.rpartition("/")[2]: body for name, body in _two_classes().items()}
    return BrokenDataset(
        "images-no-folders", _TASK, "there are no class folders: all images are in one folder.", objects
    )


def wrong_type() -> BrokenDataset:
    """Include a file that is neither JPEG nor PNG."""
    objects = {**_two_classes(), "circles/scan.tif": b"II*\x00" + bytes(64)}
    fault = "circles/scan.tif is neither JPEG nor PNG."
    return BrokenDataset("images-wrong-type", _TASK, fault, objects)


IMAGE_FAULTS = (corrupt, truncated, loose_files, empty_class, nested, one_class, no_folders, wrong_type)
