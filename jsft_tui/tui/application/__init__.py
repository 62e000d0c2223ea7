"""The app: the open target, its looks, its menus, its demo, and how it is left."""
