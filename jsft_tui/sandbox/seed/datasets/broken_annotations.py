"""Broken object detection and semantic segmentation data."""

from __future__ import annotations

import json

from jsft_tui.sandbox.seed.datasets.fault import BrokenSet
from jsft_tui.sandbox.seed.datasets.formats import boxes, json_bytes, masks


def coco_boxes() -> BrokenSet:
    """Boxes as COCO writes them: x, y, width, height."""
    objects = boxes()
    document = json.loads(objects["annotations.json"])
    for annotation in document["annotations"]:
        left, top, right, bottom = annotation["bbox"]
        annotation["bbox"] = [left, top, right - left, bottom - top]
    objects["annotations.json"] = json_bytes(document)
    fault = "the boxes in annotations.json are COCO's [x, y, width, height]; they must be [xmin, ymin, xmax, ymax]."
    return BrokenSet("boxes-coco", "Object detection", fault, objects)


def missing_image() -> BrokenSet:
    """An annotated image that is not there."""
    objects = boxes()
    del objects["images/004.jpg"]
    fault = "annotations.json names images/004.jpg, which is not there."
    return BrokenSet("boxes-missing-image", "Object detection", fault, objects)


def no_annotations() -> BrokenSet:
    """Images without annotations."""
    objects = boxes()
    del objects["annotations.json"]
    return BrokenSet("boxes-no-annotations", "Object detection", "annotations.json is missing.", objects)


def missing_mask() -> BrokenSet:
    """An image without a mask."""
    objects = masks()
    del objects["masks/007.png"]
    fault = "images/007.png has no mask: masks/007.png is missing."
    return BrokenSet("masks-missing", "Semantic segmentation", fault, objects)


ANNOTATION_FAULTS = (coco_boxes, missing_image, no_annotations, missing_mask)
