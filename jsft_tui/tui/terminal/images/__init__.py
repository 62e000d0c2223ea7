"""Images in pixels, where the terminal can display them."""
