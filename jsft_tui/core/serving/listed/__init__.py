"""What a list of endpoints says of each: its group, its age, its cost, and whether anybody calls it."""
