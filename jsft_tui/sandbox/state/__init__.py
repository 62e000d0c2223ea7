"""Keep the sandbox's state: its folder and its SQLite databases."""
