"""What the list of endpoints says in place of rows."""

from __future__ import annotations

from collections.abc import Sequence

from jsft_tui.services.serving.endpoint_list import EndpointListState
from jsft_tui.tui.base.texts.states import denied, empty, unread
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.widgets.text.text_pane import TextLine

NONE = "No endpoints. Nothing costs you anything here."


def why_empty(state: EndpointListState, key: KeyOf) -> Sequence[TextLine]:
    """Return why there are no rows, and the keys that help; nothing while the list is on its way."""
    problem, again = state.problem, (key("reload_endpoints"), "try again")
    if problem is not None and state.asked is None:
        if problem.code == "AccessDenied":
            return denied("Your identity may not list endpoints.", "sagemaker:ListEndpoints", (again,))
        return unread("The endpoints cannot be listed.", str(problem), (again,))
    if state.asked is None:
        return ()
    if state.endpoints or (state.leftovers is not None and not state.leftovers.is_empty):
        return empty("No endpoint fits.", ((key("back"), "take the filter away"),))
    ways = ((key("go_jobs"), f"choose a finished job, then  {key('deploy_job')}  deploys its model"),)
    return empty(NONE, ways)
