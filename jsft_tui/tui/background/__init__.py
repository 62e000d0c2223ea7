"""What runs beside the screens: the poller of jobs, notifications."""
