"""Tables that hold a million rows."""
