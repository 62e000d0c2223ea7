"""Define the buckets of a new sandbox and their objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jsft_tui.sandbox.seed.base import locations
from jsft_tui.sandbox.seed.code import code_objects
from jsft_tui.sandbox.seed.datasets import images, operations, tabular, text
from jsft_tui.sandbox.seed.datasets.broken import broken_objects
from jsft_tui.sandbox.seed.datasets.formats import examples
from jsft_tui.sandbox.seed.manifest import catalog_objects
from jsft_tui.sandbox.seed.recipes import museum
from jsft_tui.sandbox.seed.recipes.objects import recipe_objects

_EXAMPLE_README = """\
A small example of a format (synthetic)

It is large enough to validate, but too small to train on. The images were drawn and the sentences
written for the sandbox.
"""
_USER_README = """\
The sandbox user's own bucket

data/shapes/         image classification: five classes of drawn shapes
data/services/       text classification: sentences of AWS's API documentation, by service
data/points/         tabular classification: generated numbers, three classes
data/targets/        tabular regression: generated numbers
data/pairs/          sentence pairs: what AWS operations do, right or wrong
data/questions/      question answering: the same, in a context of four sentences
data/sentences/      sentence similarity: the same, by operation
data/prose/          text generation: the same, as plain text
data/instructions/   text generation: the same, as instructions with a template
data/dialogs/        text generation: the same, as dialogs
data/museum/         customization by SFT: questions about a museum that does not exist
data/museum-preferences/  customization by DPO: the same, with preferred answers
data/tiny-shapes/    the first ten images of each class, for a quick try
data/tiny-services/  the first 120 sentences, for a quick try

Jobs may write their output here too.
"""


@dataclass(frozen=True)
class Bucket:
    """A bucket and its seeded objects."""

    name: str
    region: str
    objects: Iterable[tuple[str, bytes]]


def buckets(region: str) -> Iterator[Bucket]:
    """Yield every bucket of a new sandbox."""
    shapes = dict(images.shapes())
    services = {"data.csv": text.services_csv()}
    points = tabular.points()
    targets, told = tabular.regression_points(), operations.operation_datasets()
    defaults = {
        locations.SHAPES: (shapes, images.README),
        locations.SERVICES: (services, text.README),
        locations.POINTS: (points, tabular.README),
        locations.POINTS_REGRESSION: (targets, tabular.README),
        **{prefix: (files, _EXAMPLE_README) for prefix, files in examples().items()},
        **{prefix: (files, operations.README) for prefix, files in told.items()},
    }
    content = [*catalog_objects(region), *code_objects(), *recipe_objects()]
    for prefix, (files, readme) in defaults.items():
        content += _under(prefix, files)
        # Next to the folder, not in it: a file in the folder would be treated as data.
        content.append((f"{prefix.rstrip('/')}.README.txt", readme.encode()))
    yield Bucket(locations.content_bucket(region), region, content)

    own = {
        "data/shapes/": shapes,
        "data/services/": services,
        "data/points/": points,
        "data/targets/": targets,
        **{f"data/{locations.name_of(prefix)}/": files for prefix, files in told.items()},
        "data/museum/": {"train.jsonl": museum.facts()},
        "data/museum-preferences/": {"train.jsonl": museum.preferences()},
        "data/tiny-shapes/": dict(images.shapes(per_class=10)),
        "data/tiny-services/": {"data.csv": b"".join(services["data.csv"].splitlines(keepends=True)[:120])},
    }
    objects = [("README.txt", _USER_README.encode())]
    for prefix, files in own.items():
        objects += _under(prefix, files)
    yield Bucket(locations.user_bucket(region), region, objects)
    yield Bucket(locations.broken_bucket(region), region, broken_objects())
    yield Bucket(
        locations.elsewhere_bucket(region), locations.elsewhere_region(region), list(_under("data/services/", services))
    )


def _under(prefix: str, objects: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, body in objects.items():
        yield f"{prefix}{name}", body
