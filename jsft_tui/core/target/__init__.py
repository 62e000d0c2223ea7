"""Where calls go: profile, region or sandbox."""
