"""The reference case: its data, its people by role, and acting it out through the services."""
