"""A demand's log: what it says, what a signature adds to it, and the states that follow."""
