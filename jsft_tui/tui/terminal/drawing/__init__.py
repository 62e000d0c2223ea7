"""What is sent to the terminal: changed cells only."""
