"""The actions of the screens of jobs."""
