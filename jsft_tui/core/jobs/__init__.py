"""Training jobs: state, timeline, cost, failures, comparison."""
