"""Actions: who does what by when, what came of it, and the second person's review."""
