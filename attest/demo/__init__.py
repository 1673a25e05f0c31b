"""The reference case: its data, its people by role, and how it is acted out through the services."""
