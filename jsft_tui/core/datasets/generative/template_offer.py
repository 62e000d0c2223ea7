"""Offer a template.json for the keys that the lines of a dataset have."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from jsft_tui.core.datasets.base.contents import SmallFile
from jsft_tui.core.datasets.generative.prompt_template import FILE, KEYS

COMPLETIONS = ("completion", "response", "answer", "output", "target", "summary", "translation", "reply", "label")
"""Keys that hold what a model is to say, the surest first."""
PROMPTS = ("prompt", "instruction", "question", "query", "input", "source", "document", "dialogue", "text", "request")
"""Keys that hold what it is asked, the surest first."""
CONTEXTS = ("context", "input", "passage", "document", "system")
"""Keys that go with what it is asked."""
_UNUSABLE = frozenset(".[]{}!:")
"""Characters that no name of a placeholder has."""


def template_offer(keys: Sequence[str]) -> SmallFile | None:
    """Return a template for these keys; None if they do not tell which is the prompt and which the completion."""
    by_name = {key.lower(): key for key in keys if key and not _UNUSABLE & set(key) and not key.isdigit()}
    completion = _first(by_name, COMPLETIONS)
    others = {name: key for name, key in by_name.items() if key != completion}
    prompt = _first(others, PROMPTS)
    if completion is None and prompt is not None and len(others) == 2:
        completion = next(key for key in others.values() if key != prompt)
    if prompt is None and completion is not None and len(others) == 1:
        (prompt,) = others.values()
    if prompt is None or completion is None:
        return None
    context = _first({name: key for name, key in others.items() if key != prompt}, CONTEXTS)
    asked = f"{{{prompt}}}" if context is None else f"{{{prompt}}}\n\n{{{context}}}"
    template = dict(zip(KEYS, (asked, f"{{{completion}}}"), strict=True))
    body = json.dumps(template, indent=2, ensure_ascii=False)
    lines = tuple(each.strip() for each in body.splitlines()[1:-1])
    return SmallFile(FILE, f"{body}\n".encode(), f"write {FILE} for these columns", lines)


def _first(keys: Mapping[str, str], wanted: Sequence[str]) -> str | None:
    return next((keys[name] for name in wanted if name in keys), None)
