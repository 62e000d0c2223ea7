"""Pictures of the screens, and the script that draws them."""
