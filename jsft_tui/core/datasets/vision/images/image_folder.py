"""A folder of images beside a file that describes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.file_kinds import there_instead
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.leftovers import leftovers
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, warn
from jsft_tui.core.datasets.vision.images.image_file import ImageVerdict
from jsft_tui.core.datasets.vision.images.image_samples import evenly, is_image, judged, without_empty
from jsft_tui.core.datasets.vision.images.readers import FORMATS, extension, is_documented

Looked = Iterator[tuple[DataObject, ImageVerdict, bytes]]
MOST_FOLDERS = 64
"""Folders below one that are listed."""
FOLDERS_AT_ONCE = 16


@dataclass(frozen=True)
class Below:
    """What lies in the folders below a listing: objects, and whether these are all."""

    objects: tuple[DataObject, ...] = ()
    complete: bool = True


def below(data: BudgetedDataset, listing: Listing) -> Below:
    """List the folders of a listing, and those in them, as the readers walk into them."""
    waiting, objects, listed, complete = list(listing.prefixes), [], 0, True
    while waiting and listed < MOST_FOLDERS:
        some, waiting = waiting[:FOLDERS_AT_ONCE], waiting[FOLDERS_AT_ONCE:]
        listed += len(some)
        for found in data.listings(some):
            objects += [item for item in found.objects if not item.name.endswith("/")]
            waiting += found.prefixes
            complete = complete and found.complete
    data.sampled = data.sampled or bool(waiting)
    return Below(tuple(objects), complete and not waiting)


@dataclass(frozen=True)
class ImageFolder:
    """The contents of the folder.

    Attributes:
        listing: all of it, as far as it was listed.
        images: images by their names, those in folders below too.
        names: names of everything listed.
        last: the last name listed, in S3's order, when there are more; empty when there are none.
        is_walked: whether all that lies in folders below was listed.
    """

    listing: Listing
    images: tuple[DataObject, ...]
    names: frozenset[str] = field(default_factory=frozenset)
    last: bytes = b""
    is_walked: bool = True

    @classmethod
    def of(cls, data: BudgetedDataset, prefix: str) -> ImageFolder:
        """Read the folder of that name."""
        return cls._of(data, data.listing(prefix), prefix)

    @classmethod
    def of_each(cls, data: BudgetedDataset, prefixes: Sequence[str]) -> list[ImageFolder]:
        """Read the folders of these names."""
        return [cls._of(data, found, prefix) for found, prefix in zip(data.listings(prefixes), prefixes, strict=True)]

    @classmethod
    def _of(cls, data: BudgetedDataset, listing: Listing, prefix: str) -> ImageFolder:
        own = [item for item in listing.objects if item.name != prefix]
        deeper = below(data, listing)
        items = (*own, *deeper.objects)
        last = max((_order(name) for name in (*(item.name for item in own), *listing.prefixes)), default=b"")
        images = tuple(item for item in items if is_image(item))
        names = frozenset(item.name for item in items)
        return cls(listing, images, names, b"" if listing.complete else last, deeper.complete)

    def lacks(self, name: str) -> bool:
        """Whether it is certain that there is no object of that name (more may lie behind what was listed)."""
        if name in self.names or (self.last and _order(name) >= self.last):
            return False
        return self.is_walked or not any(name.startswith(prefix) for prefix in self.listing.prefixes)

    def findings(self, prefix: str, few: int, left: Callable[[str, str], LintFinding] = warn) -> Iterator[LintFinding]:
        """Yield the findings about the folder itself.

        Args:
            prefix: its name.
            few: with fewer images a model learns little.
            left: how what other programs left there under the name of an image is judged.
        """
        own = [item for item in self.listing.objects if item.name != prefix]
        yield from left_images(own, left)
        others = [item for item in own if not is_image(item)]
        if not self.images:
            if self.listing.prefixes:
                deeper = self.listing.prefixes[0]
                yield block(prefix, f"has only folders ({deeper}) and no images; they must be directly in {prefix}.")
            elif others:
                yield block(prefix, f"has no .jpg, .jpeg or .png images ({none_of_them(others)}).")
            else:
                yield block(prefix, "is empty.")
            return
        ignored = [item for item in others if not leftovers([item.name])]
        if ignored:
            yield warn(ignored[0].name, f"is not a .jpg, .jpeg or .png image and is ignored ({len(ignored):,} in all).")
        yield from undocumented(self.images, "may be read")
        if self.listing.complete and self.is_walked and len(self.images) < few:
            yield warn(prefix, f"has only {plural(len(self.images), 'image')}.")


def left_images(items: Sequence[DataObject], judge: Callable[[str, str], LintFinding]) -> Iterator[LintFinding]:
    """Yield what other programs left among images: one finding about all of a kind."""
    found = leftovers(item.name for item in items)
    for words in dict.fromkeys(str(each) for _, each in found):
        names = [name for name, each in found if str(each) == words]
        read = [name for name in names if extension(name) in FORMATS]
        if read:
            yield judge(read[0], f"is {words} ({len(read):,} in all).")
        else:
            yield warn(names[0], f"is {words}; it is ignored ({len(names):,} in all).")


def undocumented(images: Sequence[DataObject], reading: str) -> Iterator[LintFinding]:
    """Yield that images have endings that AWS's pages do not name, where some reader takes them."""
    others = [item.name for item in images if not is_documented(item.name)]
    if others:
        why = f"AWS's pages name only .jpg, .jpeg and .png, and {extension(others[0])} {reading}"
        yield warn(others[0], f"is not a .jpg, .jpeg or .png image: {why} ({len(others):,} in all).")


def none_of_them(others: Sequence[DataObject]) -> str:
    """Return what is there instead of images, for a message: the first file that tells, and what it is."""
    instead = there_instead(item.name for item in others)
    return instead or f"{others[0].name} is not one"


def missing_folder(root: Listing, prefix: str) -> LintFinding:
    """Create the finding that the folder is missing, with a hint."""
    if not root.complete:
        return warn(
            "", f"there is no folder {prefix} among the first {len(root.objects) + len(root.prefixes):,} entries."
        )
    loose = [item for item in root.objects if is_image(item)]
    if loose:
        return block(loose[0].name, f"is directly under the prefix; images belong in the folder {prefix}.")
    instead = there_instead(item.name for item in root.objects)
    if instead:
        return block("", f"there is no folder {prefix} directly under the prefix; {instead}.")
    if root.prefixes:
        return block("", f"there is no folder {prefix} directly under the prefix; there is {root.prefixes[0]}.")
    return block("", f"there is no folder {prefix} directly under the prefix.")


def look_into(images: Sequence[DataObject], data: BudgetedDataset, found: FindingsByKind, share: float = 1) -> Looked:
    """Check images spread over all of them, as many as a share of the budgets allows, and return their number."""
    with_bytes = without_empty(images, found)
    chosen = evenly(with_bytes, data.left * share, data.reads * share)
    seen = 0
    for each in judged(chosen, data, found):
        seen += 1
        yield each
    if seen < len(with_bytes):
        data.sampled = True


def _order(name: str) -> bytes:
    """Return the sort key of S3."""
    return name.encode("utf-8", "surrogatepass")


def no_json_file(name: str, root: Listing) -> LintFinding:
    """Create the finding that the JSON file about the images is missing."""
    if not root.complete:
        return warn("", f"there is no {name} among the first {len(root.objects):,} objects.")
    other = next((item.name for item in root.objects if item.name.lower().endswith(".json")), None)
    if other:
        return block("", f"there is no {name} here; {other} must be named {name}.")
    instead = there_instead(item.name for item in root.objects)
    if instead:
        return block("", f"there is no {name} directly under the prefix; {instead}.")
    return block("", f"there is no {name} directly under the prefix.")
