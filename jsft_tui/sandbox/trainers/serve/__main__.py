"""Load a model and answer requests until stdin ends."""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.serve.wire import read_frame, write_frame

Frame = tuple[dict[str, Any], bytes]


def main() -> int:
    """Serve the model in a file or folder; the exit code is 1 if it cannot be loaded."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints belongs into the log
    requests: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests,), daemon=True, name="requests").start()
    # numpy is imported after the reader has started: the process ends with the sandbox even while it loads.
    from jsft_tui.sandbox.trainers.predict import load
    from jsft_tui.sandbox.trainers.serve.handlers import answer
    from jsft_tui.sandbox.trainers.serve.request import Inference, answer_of

    try:
        model = load(Path(sys.argv[1]))
    except UserError as error:
        _log(f"The model cannot be loaded: {error}.")
        write_frame(replies, {"ready": False, "reason": str(error)})
        return 1
    _log(f"Loaded {type(model).__name__}; ready for requests.")
    write_frame(replies, {"ready": True})
    while True:
        head, body = requests.get()
        try:
            reply = answer(model, Inference(head["content_type"], head["accept"], body))
        except Exception as error:  # noqa: BLE001 - an error of the model is answered, as a container does
            traceback.print_exc()
            reply = answer_of({"error": f"{type(error).__name__}: {error}"}, status=500)
        if reply.status >= 400:
            _log(f"{reply.status} {reply.body.decode(errors='replace')}")
        write_frame(replies, {"status": reply.status, "content_type": reply.content_type}, reply.body)


def _read(requests: queue.SimpleQueue[Frame]) -> None:
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        requests.put(frame)
    # Not sys.exit: this is not the main thread, which may compute an answer that nobody reads any more.
    os._exit(0)


def _log(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
