"""Who is told, and how, when something happened."""
