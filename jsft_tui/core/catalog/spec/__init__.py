"""A model's spec: what JumpStart says of it, part by part."""
