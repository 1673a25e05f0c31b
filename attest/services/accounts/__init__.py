"""Whoever signs in: accounts, invitations, passwords, people, what they prefer."""
