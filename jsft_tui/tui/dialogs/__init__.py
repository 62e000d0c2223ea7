"""Modal dialogs: choose from a list, enter a line, confirm, read a text."""
