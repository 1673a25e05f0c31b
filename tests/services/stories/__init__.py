"""Random people do random things: one demand and those raised from it (test_random_acts.py)."""
