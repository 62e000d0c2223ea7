"""The commands of `jsft`, a file per subject."""
