"""The commands of `jsft`: a file for each, in a folder for each subject."""
