"""Rules without input or output: the standard library only, and `now` is always an argument."""
