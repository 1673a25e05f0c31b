"""Letters that nobody's act causes: the worker's tick over all ladders."""
