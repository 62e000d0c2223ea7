"""Flows: coroutine methods that await service calls and dialogs, one at a time for each group."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial, wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

Flow = Callable[[], Coroutine[None, None, None]]
P = ParamSpec("P")


class _Starts(Protocol):
    def start(self, group: str, flow: Flow) -> None: ...


S = TypeVar("S", bound=_Starts)


def flow(
    group: str,
) -> Callable[[Callable[Concatenate[S, P], Coroutine[None, None, None]]], Callable[Concatenate[S, P], None]]:
    """Run a coroutine method as the only flow of its group: starting it cancels the one before.

    Args:
        group: of the flow, within the app or the screen.
    """

    def decorate(
        method: Callable[Concatenate[S, P], Coroutine[None, None, None]],
    ) -> Callable[Concatenate[S, P], None]:
        @wraps(method)
        def started(self: S, /, *args: P.args, **kwargs: P.kwargs) -> None:
            self.start(group, partial(method, self, *args, **kwargs))

        return started

    return decorate
