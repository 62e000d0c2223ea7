"""The actions of each screen: a module of its name, here or in a folder of its subject, with `ACTIONS`."""
