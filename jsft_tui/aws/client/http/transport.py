"""Send a client's requests within their time, and let only answers of AWS through to botocore's parsers.

It is put around botocore's HTTP session (botocore 1.44: `Endpoint.http_session`, `URLLib3Session`), whose errors
botocore retries as usual.
"""

from __future__ import annotations

from typing import Any

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from botocore.exceptions import ConnectionClosedError, HTTPClientError

from jsft_tui.aws.client.http.deadline import (
    Patience,
    TooSlow,
    begin_call,
    current_watch,
    seconds_left,
    watching,
)
from jsft_tui.aws.client.http.foreign import ForeignPage, NotFromAws, foreign_page, is_foreign_xml
from jsft_tui.aws.client.http.members import refuse_incomplete


class PassingPage(HTTPClientError):  # type: ignore[misc]  # botocore has no types
    """A gateway's page that says that AWS cannot be reached for the moment: botocore tries again."""

    fmt = "{page}"

    def __init__(self, page: ForeignPage) -> None:
        super().__init__(page=page)


def watch_over(client: Any, patience: Patience) -> None:
    """Bound the time of a client's calls, and refuse answers that are not AWS's."""
    endpoint = client._endpoint
    endpoint.http_session._pool_classes_by_scheme.update(
        {"http": _WatchedHttpPool, "https": _WatchedHttpsPool}  # the session's pool managers share this mapping
    )
    is_s3 = client.meta.service_model.service_name == "s3"
    endpoint.http_session = WatchedHttp(endpoint.http_session, patience, speaks_xml=is_s3)

    def begin(**_: Any) -> None:
        begin_call(patience)

    client.meta.events.register("before-call", begin)
    client.meta.events.register("after-call", refuse_incomplete)


class WatchedHttp:
    """Stands in for botocore's HTTP session."""

    def __init__(self, session: Any, patience: Patience, *, speaks_xml: bool) -> None:
        """`speaks_xml`: whether every answer that is not streamed is XML, or empty."""
        self._session = session
        self._patience = patience
        self._speaks_xml = speaks_xml

    def send(self, request: Any) -> Any:
        """Send a request and return botocore's AWSResponse; its body is read unless it is to be streamed.

        Raises:
            TooSlow: the call has no time left.
            NotFromAws: something else answered.
            BotoCoreError: as botocore's session.
        """
        seconds = seconds_left(self._patience, _length(request.headers))
        with watching(seconds, self._patience.seconds) as watch:
            response = self._session.send(request)
            is_streamed = request.stream_output and response.status_code < 300
            page = foreign_page(response.status_code, response.headers, None if is_streamed else response.content)
            if page is not None and is_streamed:
                page = foreign_page(response.status_code, response.headers, response.content) or page
        if page is not None:
            raise PassingPage(page) if page.is_passing else NotFromAws(str(page))
        if is_streamed:
            response.raw = _WatchedBody(response.raw, self._patience, _length(response.headers), watch.socket)
            return response
        if self._speaks_xml and response.status_code < 300 and is_foreign_xml(response.headers, response.content):
            raise NotFromAws("the answer is not one of AWS's (it is no XML)")
        if request.method != "HEAD" and len(response.content) < _length(response.headers):
            cut = f"{len(response.content)} of {_length(response.headers)} bytes came"
            raise ConnectionClosedError(error=cut, request=request, endpoint_url=request.url)
        return response

    def close(self) -> None:
        """Close all connections."""
        self._session.close()


class _WatchedBody:
    """The body of an answer, urllib3's HTTPResponse, each of whose reads has its time."""

    def __init__(self, raw: Any, patience: Patience, length: int, connection: Any) -> None:
        self._raw = raw
        self._patience = patience
        self._length = length
        self._connection = connection

    def read(self, amt: int | None = None, *args: Any, **options: Any) -> bytes:
        """Read bytes as urllib3 does.

        Raises:
            TooSlow: they did not come in time.
        """
        seconds = self._patience.for_bytes(self._length if amt is None else min(amt, self._length))
        with watching(seconds, seconds, self._connection):
            data: bytes = self._raw.read(amt, *args, **options)
        return data

    def readinto(self, buffer: Any) -> int:
        """Read bytes into a buffer, as urllib3 does."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


def _length(headers: Any) -> int:
    """Return the number of bytes that the headers announce."""
    for name in ("X-Amz-Decoded-Content-Length", "Content-Length"):
        value = headers.get(name)
        text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
        if text.isascii() and text.isdigit() and len(text) < 19:
            return int(text)
    return 0


class _Watched:
    """A connection that tells what watches its thread which socket it uses."""

    sock: Any

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]  # a mixin
        self._tell()

    def request(self, *args: Any, **options: Any) -> Any:
        if self.sock is not None:
            self._tell()
        return super().request(*args, **options)  # type: ignore[misc]  # a mixin

    def _tell(self) -> None:
        watch = current_watch()
        if watch is not None:
            watch.use(self.sock)

    def _consume_headers(self, fp: Any) -> None:
        """Read the headers of `100 Continue`; botocore's own loop never ends where the connection does."""
        while (line := fp.readline()) not in (b"\r\n", b"\n"):
            if not line:
                raise ConnectionResetError("the connection ended within the headers of an interim answer")


class _WatchedHttpConnection(_Watched, AWSHTTPConnection):  # type: ignore[misc]  # botocore has no types
    pass


class _WatchedHttpsConnection(_Watched, AWSHTTPSConnection):  # type: ignore[misc]  # botocore has no types
    pass


class _WatchedHttpPool(AWSHTTPConnectionPool):  # type: ignore[misc]  # botocore has no types
    ConnectionCls = _WatchedHttpConnection


class _WatchedHttpsPool(AWSHTTPSConnectionPool):  # type: ignore[misc]  # botocore has no types
    ConnectionCls = _WatchedHttpsConnection


__all__ = ["PassingPage", "TooSlow", "WatchedHttp", "watch_over"]
