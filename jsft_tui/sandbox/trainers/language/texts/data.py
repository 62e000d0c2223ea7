"""Read a language model's data: instructions or dialogs in JSON lines, or one file of text.

Sources: developer guide, jumpstart-foundation-models-fine-tuning-instruction-based and -domain-adaptation-fine-tuning.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.common.tables import RowErrors, read_rows
from jsft_tui.sandbox.trainers.language.texts.samples import Part
from jsft_tui.sandbox.trainers.language.texts.templates import DEMARCATION, Dialogs, Format, Instructions, placeholders

TEMPLATE = "template.json"
DEFAULT_TEMPLATE = ("{instruction}\n\n{context}\n\n", "{response}")
"""The default fields are the guide's."""
TEXT_ENDINGS = (".txt", ".csv", ".json")
COLUMN = "text"


def read_template(folder: Path, *, demarcated: bool) -> Instructions:
    """Return the template of a dataset, or the default one.

    Args:
        folder: the channel's folder.
        demarcated: whether `### Response:` comes between prompt and completion.

    Raises:
        UserError: template.json is not valid.
    """
    prompt, completion = DEFAULT_TEMPLATE
    path = folder / TEMPLATE
    if path.is_file():
        try:
            document = json.loads(path.read_text(encoding="utf-8-sig"))
            prompt, completion = document["prompt"], document["completion"]
            if len(document) != 2 or not (isinstance(prompt, str) and isinstance(completion, str)):
                raise TypeError("it must have the texts prompt and completion only")
            placeholders(prompt + completion)
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(f"{TEMPLATE} is no template ({error}); it needs the keys prompt and completion") from None
    return Instructions(prompt + (DEMARCATION if demarcated else ""), completion)


def read_objects(folder: Path, form: Format) -> list[list[Part]]:
    """Return the text of every line of the `*.jsonl` files, in parts.

    Raises:
        UserError: there is no such file, or a line is not valid.
    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise UserError(f"channel {folder.name!r} has no *.jsonl file at its top level")
    texts: list[list[Part]] = []
    for path in files:
        bad = RowErrors(path.name)
        for line, content in enumerate(text_lines(path), start=1):
            if not content.strip():
                continue
            try:
                texts.append(form.parts(json_object(content)))
            except ValueError as error:
                bad.add(line, str(error))
        bad.check()
    if not texts:
        kind = "dialog" if isinstance(form, Dialogs) else "instruction"
        raise UserError(f"channel {folder.name!r} has no {kind}: all lines of its *.jsonl files are empty")
    return texts


def read_paragraphs(folder: Path) -> list[str]:
    """Return the paragraphs of the one text file: lines of a .txt file, rows of a .csv or .json file.

    Raises:
        UserError: there is no such file or more than one, or it has no text.
    """
    found = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix in TEXT_ENDINGS)
    if len(found) != 1:
        names = ", ".join(path.name for path in found[:3])
        has = f"has {len(found)} text files ({names})" if found else "has no text file"
        raise UserError(f"channel {folder.name!r} {has}; domain adaptation needs exactly one .txt, .csv or .json file")
    readers = {".txt": text_lines, ".csv": _csv_texts, ".json": _json_texts}
    paragraphs = [text.strip() for text in readers[found[0].suffix](found[0]) if text.strip()]
    if len(paragraphs) < 2:
        raise UserError(f"{found[0].name} has {len(paragraphs)} paragraphs of text; at least 2 are needed")
    return paragraphs


def digest_of_folder(folders: Iterable[Path]) -> str:
    """Return a digest of the content of all files directly in some folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.is_file():
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def text_lines(path: Path) -> list[str]:
    """Return the lines of a file.

    Raises:
        UserError: it is not UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path.name} is not UTF-8 text (byte {error.start} does not belong there); save it as UTF-8"
        ) from None


def json_object(content: str) -> Mapping[str, object]:
    """Parse a line.

    Raises:
        ValueError: it is not a JSON object.
    """
    try:
        document = json.loads(content)
    except ValueError:
        raise ValueError("it is not JSON") from None
    if not isinstance(document, dict):
        raise ValueError("it is not a JSON object")
    return document


def _csv_texts(path: Path) -> Iterator[str]:
    """Yield the column `text`, or else the first; the first row names the columns."""
    column = None
    for _, row in read_rows(path):
        if column is None:
            names = [name.strip().lower() for name in row]
            column = names.index(COLUMN) if COLUMN in names else 0
        elif column < len(row):
            yield row[column]


def _json_texts(path: Path) -> Iterator[str]:
    """Yield the key `text`, or else the first, of the objects in a JSON array or in JSON lines."""
    content = "\n".join(text_lines(path))
    try:
        rows = (
            json.loads(content)
            if content.lstrip().startswith("[")
            else [json.loads(row) for row in content.split("\n") if row.strip()]
        )
    except ValueError as error:
        raise UserError(f"{path.name} is not JSON ({error})") from None
    for row in rows:
        if not isinstance(row, dict) or not row:
            raise UserError(f"{path.name} has a row that is not an object with a {COLUMN!r}")
        key = next((key for key in row if key.lower() == COLUMN), next(iter(row)))
        if not isinstance(row[key], str):
            raise UserError(f"{path.name} has a row whose {key!r} is not a text")
        yield row[key]
