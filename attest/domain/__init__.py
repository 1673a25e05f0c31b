"""The rules, without I/O: standard library only, and `now` is always an argument."""
