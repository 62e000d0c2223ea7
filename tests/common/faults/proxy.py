"""The fault proxy: it carries bytes between clients and the sandbox, and strikes the calls that a rule means.

What it does not strike it passes on as it came, byte for byte: the sandbox sees what it would see without it.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.replies import Dialect, Reply
from jsft_tui.sandbox.http.routing import SANDBOX_SERVICE, Destination, destination_of, dialect_of
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.http.signature import claimed_scope
from tests.common.faults.answers import CHANGES, INSTEAD, answer_instead, deny_actions
from tests.common.faults.control import CONTROL, answer_control
from tests.common.faults.messages import (
    END_OF_HEAD,
    AnswerReader,
    Head,
    Stream,
    encode_reply,
    parse_head,
    readable,
)
from tests.common.faults.rule import Fault, RuleBook, Strike

SIMULATION = ("iam", "SimulatePrincipalPolicy")


class FaultProxy:
    """Listens on a port of its own and leads to the sandbox's."""

    def __init__(self, port: int = 0) -> None:
        """Bind the port (0: any free one).

        Raises:
            OSError: the port is taken.
        """
        self._book = RuleBook()
        self._socket = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port = int(self._socket.getsockname()[1])

    def start(self, sandbox_port: int) -> None:
        """Begin to accept connections."""
        threading.Thread(target=self._accept, args=(sandbox_port,), name="fault proxy", daemon=True).start()

    def stop(self) -> None:
        """Accept no more connections."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._socket.close()

    def _accept(self, sandbox_port: int) -> None:
        while True:
            try:
                near, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near, sandbox_port), daemon=True).start()

    def _serve(self, connection: socket.socket, sandbox_port: int) -> None:
        near = Stream(connection)
        with contextlib.closing(near), contextlib.suppress(OSError):
            far = Stream(socket.create_connection(("127.0.0.1", sandbox_port)))
            with contextlib.closing(far):
                Conversation(near, far, self._book).run()


@dataclass(frozen=True)
class Call:
    """A request whose head, and form if it has one, was read.

    Attributes:
        body: what was read of its body: a form, else nothing.
        left: how many bytes of the body are still to come, where the head says it.
    """

    head: Head
    raw_head: bytes
    body: bytes
    left: int
    destination: Destination | None


class Conversation:
    """One client's connection, and the one to the sandbox that it leads to."""

    def __init__(self, near: Stream, far: Stream, book: RuleBook) -> None:
        self._near = near
        self._far = far
        self._book = book

    def run(self) -> None:
        """Serve requests until the connection ends."""
        while (raw := self._next_head()) is not None:
            if not self._serve(self._call(raw)):
                return

    def _next_head(self) -> bytes | None:
        while (end := self._near.buffer.find(END_OF_HEAD)) < 0:
            if self._far in readable(self._near, self._far) or not self._near.fill():
                return None
        return self._near.take(end + len(END_OF_HEAD))

    def _call(self, raw: bytes) -> Call:
        head = parse_head(raw)
        is_form = head.value("content-type").startswith("application/x-www-form-urlencoded")
        length = head.value("content-length")
        left = int(length) if re.fullmatch(r"[0-9]{1,18}", length) else 0
        body = self._near.read(left) if is_form else b""
        return Call(head, raw, body, left - len(body), _destination(head, body))

    def _serve(self, call: Call) -> bool:
        """Return whether the connection can be used again."""
        if call.head.target.startswith(CONTROL):
            body = call.body + self._near.read(call.left)
            return self._reply(call, answer_control(self._book, call.head, body))
        if call.destination is None:
            return self._forward(call, self._near.send)
        self._book.record(call.destination)
        if strike := self._book.strike(call.destination):
            return self._strike(call, call.destination, strike)
        denied = self._book.denied_actions()
        if denied and (call.destination.service, call.destination.operation) == SIMULATION:
            return self._change(call, lambda body: deny_actions(body, denied))
        return self._forward(call, self._near.send)

    def _strike(self, call: Call, destination: Destination, strike: Strike) -> bool:
        fault = strike.rule.do
        if fault in INSTEAD:
            return self._answer_instead(call, destination.dialect, strike)
        if fault in CHANGES:
            return self._change(call, CHANGES[fault])
        if fault in (Fault.SLOW, Fault.HOLD):
            strike.over.wait(strike.rule.seconds)
            return self._forward(call, self._near.send)
        if fault in _UNANSWERED:
            _UNANSWERED[fault](self, call, strike)
            return False
        return self._deliver(call, strike)

    def _answer_instead(self, call: Call, dialect: Dialect, strike: Strike) -> bool:
        reply = answer_instead(strike.rule.do, dialect)
        if strike.rule.carry_out:
            self._forward(call, lambda _: None)
            return self._reply(call, reply)
        if call.head.value("expect"):  # the body does not come unless it is asked for
            self._near.send(encode_reply(reply, call.head.method, closing=True))
            return False
        self._drain(call)
        return self._reply(call, reply)

    def _reply(self, call: Call, reply: Reply) -> bool:
        self._near.send(encode_reply(reply, call.head.method, closing=False))
        return True

    def _change(self, call: Call, change: Callable[[bytes], bytes]) -> bool:
        head, body = self._answer(call)
        if call.head.method == "HEAD":
            self._near.send(head.encode())
        else:
            changed = change(body)
            self._near.send(head.with_length(len(changed)).encode() + changed)
        return True

    def _deliver(self, call: Call, strike: Strike) -> bool:
        """Let the whole head through, and the body in the way of the fault."""
        head, body = self._answer(call)
        self._near.send(head.encode())
        half = body[: len(body) // 2]
        if strike.rule.do is Fault.SLOW_BODY:
            strike.over.wait(strike.rule.seconds)
            self._near.send(body)
            return True
        if strike.rule.do is Fault.DRIP:
            self._drip(body, strike)
            return True
        self._near.send(half)
        if strike.rule.do is Fault.RESET_MIDDLE:
            self._near.reset()
        return False

    def _drip(self, body: bytes, strike: Strike) -> None:
        for number in range(len(body)):
            if strike.over.wait(strike.rule.seconds):
                self._near.send(body[number:])
                return
            self._near.send(body[number : number + 1])

    def _reset(self, _call: Call, _strike: Strike) -> None:
        self._near.reset()

    def _close(self, call: Call, _strike: Strike) -> None:
        if not call.head.value("expect"):
            self._drain(call)  # a socket with unread data is reset instead of closed

    def _lose(self, call: Call, _strike: Strike) -> None:
        self._forward(call, lambda _: None)
        self._near.reset()

    def _fall_silent(self, _call: Call, strike: Strike) -> None:
        ends = time.monotonic() + strike.rule.seconds
        while not strike.over.is_set() and time.monotonic() < ends:
            if readable(self._near, seconds=0.05) and not self._near.fill():
                return
            self._near.take()
        self._near.reset()

    def _answer(self, call: Call) -> tuple[Head, bytes]:
        """Have the call carried out; return its whole answer."""
        collected = bytearray()
        self._forward(call, collected.extend)
        if END_OF_HEAD not in collected:
            raise ConnectionResetError("the sandbox went away")
        return parse_head(bytes(collected)), bytes(collected.partition(END_OF_HEAD)[2])

    def _forward(self, call: Call, sink: Callable[[bytes], None]) -> bool:
        """Pass the request on, and its answer to the sink; return whether the connections can be used again."""
        answer = AnswerReader(call.head.method)
        sending = self._send_far(call.raw_head + call.body + self._near.take())
        while not answer.done:
            for stream in readable(self._near, self._far) if sending else [self._far]:
                if not stream.fill():
                    return False
                if stream is self._near:
                    sending = self._send_far(stream.take())
                else:
                    interim, data = answer.feed(stream.take())
                    if interim:
                        self._near.send(interim)
                    sink(data)
        return sending

    def _send_far(self, data: bytes) -> bool:
        try:
            self._far.send(data)
        except OSError:  # it has answered without reading the body, and its answer is still to be read
            return False
        return True

    def _drain(self, call: Call) -> None:
        """Read what is left of the request's body."""
        if "chunked" in call.head.value("transfer-encoding").lower():
            while size := int(self._near.read_line().partition(b";")[0], 16):
                self._near.read(size + 2)
            while self._near.read_line().strip():
                pass
            return
        left = call.left
        while left > 0:
            left -= len(self._near.read(min(left, 1 << 16)))


_UNANSWERED: dict[Fault, Callable[[Conversation, Call, Strike], None]] = {
    Fault.RESET: Conversation._reset,
    Fault.CLOSE: Conversation._close,
    Fault.LOST: Conversation._lose,
    Fault.HALF_OPEN: Conversation._fall_silent,
}


def _destination(head: Head, body: bytes) -> Destination | None:
    """Return where a request goes; None if it is not a call of a service."""
    headers = {name.lower(): value for name, value in head.headers}
    request = Request(head.method, head.target, headers)
    try:
        scope = claimed_scope(request)
        if scope is None or scope.service == SANDBOX_SERVICE:
            return None
        return destination_of(request, scope, dialect_of(request, scope), body)
    except (ApiError, UnicodeDecodeError):
        return None
