"""Questions over a screen: choose from a list, type a line, confirm, read a text."""
