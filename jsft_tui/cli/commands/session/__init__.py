"""Commands about this installation, its sandbox, and who is signed in."""
