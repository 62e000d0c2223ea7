"""Models, endpoints and batch transform jobs that predict with what the sandbox's training jobs made."""
