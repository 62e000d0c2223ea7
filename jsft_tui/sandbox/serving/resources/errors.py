"""Errors that the operations on models, endpoint configurations and endpoints share, in AWS's words."""

from __future__ import annotations

from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.serving.resources.records import Endpoint, Resource, arn_of

_WORDS = {"endpoint-config": "endpoint configuration", "transform-job": "transform job"}


def invalid(message: str) -> ApiError:
    """Return a ValidationException."""
    return ApiError("ValidationException", message)


def not_found(kind: type[Resource], region: str, name: str) -> ApiError:
    """Return the error for a name that nothing has."""
    return invalid(f'Could not find {_word(kind)} "{arn_of(kind.kind, region, name)}".')


def name_taken(kind: type[Resource], region: str, name: str) -> ApiError:
    """Return the error for a name that is in use."""
    return invalid(f'Cannot create already existing {_word(kind)} "{arn_of(kind.kind, region, name)}".')


def in_progress(endpoint: Endpoint) -> ApiError:
    """Return the error for an endpoint that is changing already."""
    return invalid(f'Cannot update in-progress endpoint "{endpoint.arn}".')


def _word(kind: type[Resource]) -> str:
    return _WORDS.get(kind.kind, kind.kind)
