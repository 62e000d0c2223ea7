"""Say why no connection came about: TLS certificates, a proxy, an endpoint that was configured, or the network."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsft_tui.aws.client.caller import caller_of_error, proxy_variables
from jsft_tui.aws.client.http.endpoint import VARIABLE
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean, did_you_mean, redact, sentence

_ENDPOINT_KINDS = ("AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT")
_OWN_CLASS = re.compile(r"\w+Connection\(host=[^()]*\): ")
"""How urllib3 begins what it says: with a class of ours (`transport`)."""
_NAME_BUNDLE = "name its PEM file with AWS_CA_BUNDLE, or ca_bundle in the profile"


def problem_of_connection(error: Any, what: str) -> Problem:
    """Return the Problem of botocore's ConnectionError or HTTPClientError."""
    from botocore import exceptions as e

    text = _text(error)
    if isinstance(error, e.SSLError):
        return _tls_problem(error, what)
    if isinstance(error, e.ProxyConnectionError):
        return proxy_problem(": ".join((text.rstrip("."), *_causes(error))), what)
    remedy = "Check the network, the region and any proxy."
    caller = caller_of_error(error)
    url = str(getattr(error, "kwargs", {}).get("endpoint_url", ""))
    own = [endpoint for _, endpoint in caller.target.endpoints if url.startswith(endpoint)] if caller else []
    if own:
        remedy = f"The endpoint is configured: check AWS_ENDPOINT_URL and endpoint_url of the profile ({own[0]})."
    elif names := proxy_variables():
        remedy = f"Check the network and the proxy ({', '.join(names)})."
    elif caller and (unknown := _unknown_region(caller.target.region)):
        remedy = unknown
    elif kinds := [name for name in _ENDPOINT_KINDS if os.environ.get(name, "").lower() == "true"]:
        remedy = f"Check the network, and that the region has such endpoints: {' and '.join(kinds)} asks for them."
    return Problem("NoConnection", f"could not {what}: {sentence(text)}", remedy, retryable=True)


def proxy_problem(why: str, what: str) -> Problem:
    """Return the Problem of a proxy that cannot be reached, or that refuses."""
    return Problem("NoConnection", f"could not {what}: {sentence(why)}", proxy_remedy(), retryable=True)


def proxy_remedy() -> str:
    """Return what to check of the proxy."""
    names = " or ".join(proxy_variables()) or "the proxy settings"
    if socks := [name for name in proxy_variables() if os.environ[name].lower().startswith("socks")]:
        return f"A SOCKS proxy cannot be used; name an HTTP proxy with {' and '.join(socks)}, or unset it."
    return f"Check {names} (user and password belong into the URL), and NO_PROXY."


def _tls_problem(error: Any, what: str) -> Problem:
    caller = caller_of_error(error)
    if "CERTIFICATE" not in str(error).upper():
        return _no_tls_problem(error, what)
    message = f"could not {what}: the TLS certificate is not trusted. {sentence(_text(error))}"
    remedy = f"If a company proxy or a private endpoint has a CA of its own, {_NAME_BUNDLE}."
    if caller is not None and caller.ca_bundle:
        remedy = f"The CA that signs here is not in {caller.ca_bundle}: add it, or {_NAME_BUNDLE}."
    return Problem("NoConnection", message, remedy, retryable=True)


def _no_tls_problem(error: Any, what: str) -> Problem:
    message = f"could not {what}: what answers does not speak TLS as AWS does. {sentence(_text(error))}"
    names = [*proxy_variables(), *(name for name in sorted(os.environ) if name.startswith(VARIABLE))]
    remedy = f"Check {' and '.join(names) or 'the network and any proxy'}; the port may be one for http://."
    return Problem("NoConnection", message, remedy, retryable=True)


def _unknown_region(region: str) -> str:
    """Return what to do about a region that botocore does not know; empty for one that it knows."""
    import botocore.session

    session = botocore.session.Session()
    known = sorted(
        name
        for partition in session.get_available_partitions()
        for name in session.get_available_regions("sts", partition, allow_non_regional=False)
    )
    if region in known:
        return ""
    meant = did_you_mean(region.lower(), known)
    return f"{region} is no region of AWS that botocore knows. {meant or 'Use --region with one like us-west-2.'}"


def check_ca_bundle(path: str, origin: str) -> None:
    """Refuse a CA bundle that cannot be used; otherwise the first request says so without its name.

    Raises:
        Problem: there is no such file, or it holds no certificate (code `BadCaBundle`).
    """
    if not path:
        return
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if Path(path).is_dir():
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        why = "holds no PEM certificate"
    except OSError as error:
        why = f"cannot be read: {(error.strerror or str(error)).lower()}"
    else:
        return
    raise Problem("BadCaBundle", f"the CA bundle {path} ({origin}) {why}.", f"Correct or unset {origin}.")


def _causes(error: BaseException) -> Iterator[str]:
    """Yield what the errors below a proxy's say: the status that the proxy answered with."""
    inner = getattr(error, "kwargs", {}).get("error")
    reason = getattr(inner, "original_error", None) or inner
    if reason is not None and str(reason) not in str(error):
        yield _text(reason)


def _text(error: BaseException) -> str:
    return redact(clean(_OWN_CLASS.sub("", str(error))))
