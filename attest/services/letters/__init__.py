"""Letters as rows: putting them into the outbox, and what became of them."""
