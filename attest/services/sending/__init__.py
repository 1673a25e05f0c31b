"""From the outbox to the mail server, and what comes back."""
