"""A folder of images beside a file that speaks of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, warn
from jsft_tui.core.datasets.vision.image_file import ImageVerdict
from jsft_tui.core.datasets.vision.image_samples import evenly, is_image, judged, without_empty

Looked = Iterator[tuple[DataObject, ImageVerdict]]


@dataclass(frozen=True)
class ImageFolder:
    """What lies in the folder.

    Attributes:
        listing: all of it, as far as it was listed.
        images: images by their names.
        names: names of everything listed.
        last: the last name listed, in S3's order, when there are more; empty when there are none.
    """

    listing: Listing
    images: tuple[DataObject, ...]
    names: frozenset[str] = field(default_factory=frozenset)
    last: bytes = b""

    @classmethod
    def of(cls, data: BudgetedDataset, prefix: str) -> ImageFolder:
        """The folder of that name."""
        return cls._of(data.listing(prefix), prefix)

    @classmethod
    def of_each(cls, data: BudgetedDataset, prefixes: Sequence[str]) -> list[ImageFolder]:
        """The folders of these names."""
        return [cls._of(listing, prefix) for listing, prefix in zip(data.listings(prefixes), prefixes, strict=True)]

    @classmethod
    def _of(cls, listing: Listing, prefix: str) -> ImageFolder:
        own = [item for item in listing.objects if item.name != prefix]
        names = frozenset(item.name for item in own)
        last = max((_order(name) for name in (*names, *listing.prefixes)), default=b"")
        images = tuple(item for item in own if is_image(item))
        return cls(listing, images, names, b"" if listing.complete else last)

    def lacks(self, name: str) -> bool:
        """Whether it is certain that there is no object of that name (more may lie behind what was listed)."""
        return name not in self.names and (not self.last or _order(name) < self.last)

    def findings(self, prefix: str, few: int) -> Iterator[LintFinding]:
        """What is wrong with the folder as such."""
        others = [item for item in self.listing.objects if item.name != prefix and not is_image(item)]
        if not self.images:
            if self.listing.prefixes:
                deeper = self.listing.prefixes[0]
                yield block(prefix, f"has no images itself, only folders ({deeper}); images lie directly in {prefix}.")
            elif others:
                yield block(prefix, f"has no .jpg, .jpeg or .png images ({others[0].name} is none).")
            else:
                yield block(prefix, "is empty.")
            return
        if others:
            yield warn(others[0].name, f"is no .jpg, .jpeg or .png image and is ignored ({len(others):,} in all).")
        if self.listing.complete and len(self.images) < few:
            yield warn(prefix, f"has only {plural(len(self.images), 'image')}.")


def missing_folder(root: Listing, prefix: str) -> LintFinding:
    """That the folder is not there, and what lies there instead."""
    if not root.complete:
        among = f"among the first {len(root.objects) + len(root.prefixes):,} entries"
        return warn("", f"there is no folder {prefix} {among}.")
    loose = [item for item in root.objects if is_image(item)]
    if loose:
        return block(loose[0].name, f"lies directly under the prefix; images belong into the folder {prefix}.")
    if root.prefixes:
        return block("", f"there is no folder {prefix} directly under the prefix; there is {root.prefixes[0]}.")
    return block("", f"there is no folder {prefix} directly under the prefix.")


def look_into(images: Sequence[DataObject], data: BudgetedDataset, found: FindingsByKind, share: float = 1) -> Looked:
    """Images spread over all of them, as many as a share of the budgets allows; says so when they are fewer."""
    with_bytes = without_empty(images, found)
    chosen = evenly(with_bytes, data.left * share, data.reads * share)
    seen = 0
    for pair in judged(chosen, data, found):
        seen += 1
        yield pair
    if seen < len(with_bytes):
        data.sampled = True


def _order(name: str) -> bytes:
    """What S3 sorts by."""
    return name.encode("utf-8", "surrogatepass")


def no_json_file(name: str, root: Listing) -> LintFinding:
    """That the JSON file is missing which tells about the images."""
    if not root.complete:
        return warn("", f"there is no {name} among the first {len(root.objects):,} objects.")
    other = next((item.name for item in root.objects if item.name.lower().endswith(".json")), None)
    if other:
        return block("", f"there is no {name} here; {other} must be named {name}.")
    return block("", f"there is no {name} directly under the prefix.")
