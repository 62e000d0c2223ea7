"""Screen 7: the endpoints of the region, what they cost, and the way to be rid of them."""
