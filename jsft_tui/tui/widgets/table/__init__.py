"""Tables of up to a million rows."""
