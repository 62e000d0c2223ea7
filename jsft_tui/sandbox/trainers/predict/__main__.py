"""Print what a trained model answers."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import NoReturn

from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.predict import BAD_INPUT, load


def _end(error: UserError, code: int) -> NoReturn:
    sys.stderr.write(f"{error}\n")
    sys.exit(code)


def main() -> None:
    """Print the answers to one input, with their numbers.

    The exit code is 1 for an unusable model and `BAD_INPUT` for an invalid input; the reason is on stderr.
    """
    parser = argparse.ArgumentParser(prog="predict", description="Ask a trained model about one input.")
    parser.add_argument("model", type=Path, help="the job's model.tar.gz, or the folder of an uncompressed model")
    parser.add_argument("input", help="an image's file name, a text, a row's numbers, or two texts with | between them")
    parser.add_argument("--json", action="store_true", help="print a JSON list of label and probability")
    arguments = parser.parse_args()
    try:
        model = load(arguments.model)
    except UserError as error:
        _end(error, 1)
    try:
        ranking = model.predict(arguments.input)
    except UserError as error:
        _end(error, BAD_INPUT)
    if arguments.json:
        document = [{"label": label, "probability": probability} for label, probability in ranking]
        sys.stdout.write(json.dumps(document) + "\n")
    else:
        sys.stdout.writelines(f"{probability:.4f}  {label}\n" for label, probability in ranking)


if __name__ == "__main__":
    main()
