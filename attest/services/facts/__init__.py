"""What rows say: questions that many acts and pages ask. Nobody is written to."""
