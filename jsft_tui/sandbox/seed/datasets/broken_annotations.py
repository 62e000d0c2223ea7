"""Create broken object detection and semantic segmentation data."""

from __future__ import annotations

import json

from jsft_tui.sandbox.seed.datasets.broken_dataset import BrokenDataset
from jsft_tui.sandbox.seed.datasets.formats import boxes, json_bytes, masks


def coco_boxes() -> BrokenDataset:
    """Write boxes in COCO's format: x, y, width, height."""
    objects = boxes()
    document = json.loads(objects["annotations.json"])
    for annotation in document["annotations"]:
        left, top, right, bottom = annotation["bbox"]
        annotation["bbox"] = [left, top, right - left, bottom - top]
    objects["annotations.json"] = json_bytes(document)
    fault = "the boxes in annotations.json are COCO's [x, y, width, height]; they must be [xmin, ymin, xmax, ymax]."
    return BrokenDataset("boxes-coco", "Object detection", fault, objects)


def missing_image() -> BrokenDataset:
    """Leave out an annotated image."""
    objects = boxes()
    del objects["images/004.jpg"]
    fault = "annotations.json names images/004.jpg, which is not there."
    return BrokenDataset("boxes-missing-image", "Object detection", fault, objects)


def no_annotations() -> BrokenDataset:
    """Leave some images without annotations."""
    objects = boxes()
    del objects["annotations.json"]
    return BrokenDataset("boxes-no-annotations", "Object detection", "annotations.json is missing.", objects)


def missing_mask() -> BrokenDataset:
    """Leave out the mask of an image."""
    objects = masks()
    del objects["masks/007.png"]
    fault = "images/007.png has no mask: masks/007.png is missing."
    return BrokenDataset("masks-missing", "Semantic segmentation", fault, objects)


ANNOTATION_FAULTS = (coco_boxes, missing_image, no_annotations, missing_mask)
