"""Deploying the model of a job: what is chosen, what it costs, what the checks say, and the creation itself."""
