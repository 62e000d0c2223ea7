"""Serve a trained model as the inference container of its JumpStart model does: `python -m ...trainers.serve MODEL`.

Requests come on stdin and answers go to stdout in the frames of `wire`; whatever is printed goes to stderr, the log of
the endpoint. A real container takes HTTP on port 8080: a port would let every program of this machine ask it unsigned.
"""
