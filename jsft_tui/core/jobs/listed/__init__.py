"""Jobs in a list: their groups, and the few words of a row."""
