"""The actions of each screen: a module of its name, with `ACTIONS`."""
