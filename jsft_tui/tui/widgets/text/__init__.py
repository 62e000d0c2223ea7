"""Text in cells and panes."""
