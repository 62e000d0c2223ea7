"""Create small valid examples of the other tasks' data formats.

The formats are those of the developer guide's fine-tuning pages and of AWS's JumpStart notebooks. The examples are
large enough to validate, but too small to train on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import numpy as np

from jsft_tui.sandbox.seed.base import locations
from jsft_tui.sandbox.seed.datasets.drawing import SHAPES, Drawing, draw, jpeg, png
from jsft_tui.sandbox.seed.datasets.text import csv_bytes

FACTS = (
    ("Amazon S3", "stores objects in buckets", "a bucket belongs to one Region"),
    ("AWS Lambda", "runs functions without servers", "a function runs for fifteen minutes at most"),
    ("Amazon EC2", "rents virtual machines", "an instance type fixes processors and memory"),
    ("Amazon SQS", "keeps messages in queues", "a message waits until a consumer deletes it"),
    ("Amazon SNS", "sends messages to subscribers", "a topic may have many subscribers"),
    ("AWS KMS", "keeps encryption keys", "a key policy says who may use a key"),
    ("Amazon RDS", "runs relational databases", "a snapshot can be restored as a new instance"),
    ("AWS IAM", "says who may do what", "an explicit deny wins over every allow"),
    ("Amazon ECR", "keeps container images", "an image is found by its tag or its digest"),
    ("Amazon VPC", "isolates networks", "a subnet lies in one Availability Zone"),
)
"""Service, what it does, and a true statement about it: the content of all texts below."""


def examples() -> dict[str, dict[str, bytes]]:
    """Map each key prefix in the content bucket to the objects under it."""
    return {
        locations.BOXES: boxes(),
        locations.MASKS: masks(),
        locations.PAIRS: {"data.csv": pairs_csv()},
        locations.QUESTIONS: {"data.csv": questions_csv()},
        locations.PROMPTS: prompts(),
        locations.INSTRUCTIONS: instructions(),
        locations.DIALOGS: {"train.jsonl": dialogs()},
        locations.PROSE: {"prose.txt": plain_text()},
        locations.PICTURES: subject_images(),
        locations.SENTENCES: {"data.csv": sentences_csv()},
    }


def boxes() -> dict[str, bytes]:
    """Create object detection data: `images/` and `annotations.json`, boxes as xmin, ymin, xmax, ymax."""
    objects: dict[str, bytes] = {}
    images, annotations = [], []
    for number, (shape, drawing) in enumerate(_drawings(10, seed=101, radii=(0.08, 0.2))):
        name = f"{number:03d}.jpg"
        width, height = drawing.picture.size
        objects[f"images/{name}"] = jpeg(drawing.picture)
        images.append({"file_name": name, "height": height, "width": width, "id": number})
        annotations.append({"image_id": number, "bbox": list(drawing.box), "category_id": SHAPES.index(shape)})
    objects["annotations.json"] = json_bytes({"images": images, "annotations": annotations})
    return objects


def masks() -> dict[str, bytes]:
    """Create semantic segmentation data: `images/`, `masks/` with the same names, and the class numbers."""
    objects: dict[str, bytes] = {}
    for number, (shape, drawing) in enumerate(_drawings(10, seed=102, radii=(0.22, 0.36))):
        objects[f"images/{number:03d}.png"] = png(drawing.picture)
        objects[f"masks/{number:03d}.png"] = png(drawing.mask(SHAPES.index(shape) + 1))
    classes = {"background": 0} | {shape: number + 1 for number, shape in enumerate(SHAPES)}
    objects["class_label_to_prediction_index.json"] = json_bytes(classes)
    return objects


def pairs_csv() -> bytes:
    """Create sentence pairs: label 1 if the second sentence answers the first, else 0."""
    rows: list[tuple[object, ...]] = []
    for number, (service, does, _) in enumerate(FACTS):
        other = FACTS[(number + 1) % len(FACTS)]
        rows.append((1, f"What does {service} do?", f"It {does}."))
        rows.append((0, f"What does {service} do?", f"It {other[1]}."))
    return csv_bytes(rows)


def questions_csv() -> bytes:
    """Create question answering data: question, context, and the answer's start and end in the context.

    Not checked against AWS: whether the end is the position after the answer's last character, as here.
    """
    rows: list[tuple[object, ...]] = []
    for service, does, fact in FACTS:
        context = f"{service} {does}. Note that {fact}."
        start = context.index(does)
        rows.append((f"What does {service} do?", context, start, start + len(does)))
    return csv_bytes(rows)


def sentences_csv() -> bytes:
    """Create sentence similarity data: a unique ID and a text."""
    return csv_bytes([(number, f"{service} {does}; {fact}.") for number, (service, does, fact) in enumerate(FACTS)])


def prompts() -> dict[str, bytes]:
    """Create text-to-text data: rows of `prompt` and `completion`, and the template that refers to them."""
    rows = [{"prompt": f"What does {service} do?", "completion": f"It {does}."} for service, does, _ in FACTS]
    return {
        "train.jsonl": jsonl(rows),
        "template.json": json_bytes({"prompt": "{prompt}", "completion": "{completion}"}),
    }


def instructions() -> dict[str, bytes]:
    """Create instruction tuning data: rows of `instruction`, `context`, `response`, and their template."""
    rows = [
        {
            "instruction": f"Say in one sentence what {service} does.",
            "context": f"{service} {does}. Note that {fact}.",
            "response": f"{service} {does}.",
        }
        for service, does, fact in FACTS
    ]
    template = {"prompt": "{instruction}\n\n{context}\n\n", "completion": "{response}"}
    return {"train.jsonl": jsonl(rows), "template.json": json_bytes(template)}


def dialogs() -> bytes:
    """Create chat data: one dialog per line, with alternating user and assistant messages."""
    rows = [
        {
            "dialog": [
                {"role": "user", "content": f"What does {service} do?"},
                {"role": "assistant", "content": f"It {does}."},
                {"role": "user", "content": "Is there something to bear in mind?"},
                {"role": "assistant", "content": f"Yes: {fact}."},
            ]
        }
        for service, does, fact in FACTS
    ]
    return jsonl(rows)


def plain_text() -> bytes:
    """Create domain adaptation data: one plain text file."""
    return "".join(f"{service} {does}. Note that {fact}.\n\n" for service, does, fact in FACTS).encode()


def subject_images() -> dict[str, bytes]:
    """Create text-to-image data: a few images of one subject, and its prompt."""
    random = np.random.default_rng(103)
    objects = {f"star-{number}.jpg": jpeg(draw("stars", random, size=256).picture) for number in range(6)}
    objects["dataset_info.json"] = json_bytes(
        {"instance_prompt": "a drawing of a sandbox star", "class_prompt": "a drawing of a star"}
    )
    return objects


def jsonl(rows: Iterable[Mapping[str, object]]) -> bytes:
    """Encode rows as JSON Lines."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _drawings(count: int, seed: int, radii: tuple[float, float]) -> list[tuple[str, Drawing]]:
    random = np.random.default_rng(seed)
    shapes = [SHAPES[number % len(SHAPES)] for number in range(count)]
    return [(shape, draw(shape, random, size=160, radii=radii)) for shape in shapes]


def json_bytes(value: object) -> bytes:
    """Encode a value as a JSON document."""
    return json.dumps(value, indent=1).encode() + b"\n"
