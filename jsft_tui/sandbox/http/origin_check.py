"""Accept only local, non-browser clients (Host and Origin checks).

The sandbox runs the code that it is given, so no web page may reach it. A browser marks its requests with `Origin`
or `Sec-Fetch-Site`, and a page that got here by DNS rebinding sends its own host name in `Host`; AWS clients do
neither.
"""

from __future__ import annotations

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.replies import Dialect
from jsft_tui.sandbox.http.service import ApiError


def check_origin(request: Request, port: int, dialect: Dialect) -> None:
    """Refuse a request of a web page, or for another host.

    Raises:
        ApiError: the request is refused.
    """
    code = "AccessDeniedException" if dialect in (Dialect.JSON, Dialect.CBOR) else "AccessDenied"
    if any(name == "origin" or name.startswith("sec-fetch-") for name in request.headers):
        raise ApiError(code, "The sandbox does not answer web pages: use an AWS client.", 403)
    if request.header("host").lower() not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        message = (
            f"The sandbox answers only to the host 127.0.0.1:{port}: use that endpoint and path-style S3 addresses."
        )
        raise ApiError(code, message, 403)
