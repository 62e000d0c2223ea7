"""What all screens and dialogs build on."""
