"""What the operator and the worker look after: checks, timestamps, erasure."""
