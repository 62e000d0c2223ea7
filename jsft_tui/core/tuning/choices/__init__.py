"""What a person chooses for a search: its ranges, its objective, its settings."""
