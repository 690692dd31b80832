"""The algorithms of the benchmark: they do nothing, so that what is measured is everything around them."""
