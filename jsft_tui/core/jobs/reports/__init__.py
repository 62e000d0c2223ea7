"""Jobs in a few lines of plain text: the summary for a chat, the status line, what ended meanwhile."""
