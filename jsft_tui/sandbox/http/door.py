"""The sandbox's door: nothing but a local program that means this server gets in.

The sandbox runs what it is told to run, so it must not be reachable from a web page. A browser marks its
requests with `Origin` or `Sec-Fetch-Site`, and a page that got here by DNS rebinding shows its own
host name in `Host`; AWS clients send neither.
"""

from __future__ import annotations

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.protocol import ApiError
from jsft_tui.sandbox.http.replies import Dialect


def refuse_strangers(request: Request, port: int, dialect: Dialect) -> None:
    """Let the request pass, or refuse it.

    Raises:
        ApiError: it comes from a web page, or was meant for another host.
    """
    code = "AccessDeniedException" if dialect in (Dialect.JSON, Dialect.CBOR) else "AccessDenied"
    if any(name == "origin" or name.startswith("sec-fetch-") for name in request.headers):
        raise ApiError(code, "The sandbox does not answer web pages: use an AWS client.", 403)
    if request.header("host").lower() not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        raise ApiError(
            code,
            f"The sandbox answers only to the host 127.0.0.1:{port}: use that endpoint and path-style S3 addresses.",
            403,
        )
