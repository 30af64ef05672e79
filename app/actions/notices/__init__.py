"""What agencies are told of new work, once for each decision, and what becomes of a notice that nobody receives."""
