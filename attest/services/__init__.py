"""One act a file: what people and the worker do. Acts flush; whoever opened the session commits."""
