"""The actions of the screens of endpoints and of what is asked of a model."""
