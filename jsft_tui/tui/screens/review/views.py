"""The views of the Review screen: the checks, or the request, a program, the run file in their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jsft_tui.tui.screens.review.documents import View, document_lines, document_text
from jsft_tui.tui.screens.review.draft_actions import DraftActions
from jsft_tui.tui.widgets.bars.line_bar import LineBar
from jsft_tui.tui.widgets.text.text_pane import TextPane

if TYPE_CHECKING:
    from textual.widget import Widget


class ReviewViews(DraftActions):
    """A screen whose list gives way to a text."""

    DEFAULT_CSS = """
    ReviewViews .views { padding: 0 1; margin-bottom: 1; }
    ReviewViews.-low .views { margin-bottom: 0; }
    ReviewViews.-narrow .views { display: none; }
    """

    def __init__(self) -> None:
        self._views = LineBar(classes="views")
        self._text = TextPane(id="text")
        super().__init__()
        self._view = View.CHECKS

    def above_list(self) -> Sequence[Widget]:
        """Return the names of the views, and the text of one of them."""
        return self._views, self._text

    def _draw_checks(self) -> None:
        """Draw what was found, in the view that is shown."""
        raise NotImplementedError

    def action_check(self) -> None:
        """Run all checks."""
        raise NotImplementedError

    def check_if_shown(self) -> None:
        """Run them while the screen is shown; after a launch its job is, which takes a part of the quota itself."""
        if self.is_current:
            self.action_check()

    def action_next_view(self) -> None:
        """Show the next view."""
        self._show_view(self._view.after(1))

    def action_previous_view(self) -> None:
        """Show the view before."""
        self._show_view(self._view.after(-1))

    def action_zoom(self) -> None:
        """Give the run the whole screen, or the document that is shown; and back."""
        if self.panes.zoomed is None and self._view is not View.CHECKS:
            self.panes.zoom(self.panes.list_pane)
            self._text.focus()
        else:
            super().action_zoom()

    def _show_view(self, view: View) -> None:
        is_other, self._view = view is not self._view, view
        is_list = view is View.CHECKS
        self._text.display = not is_list
        if self._loaded is not None:
            self._draw_checks()
        if is_list:
            if self._table.display:
                self._table.focus()
        else:
            if is_other:
                self._text.action_scroll_to_row(0)
            self._text.focus()

    def _draw_document(self) -> None:
        self._text.show(document_lines(self._document_text()))

    def _document_text(self) -> str:
        plan = self._fresh_plan
        if plan is None:
            return "The run is not complete yet, or not checked."
        return document_text(self._view, plan, self.session.drafts.run)
