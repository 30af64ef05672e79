"""What becomes of an action: its report, its review, a new owner, and what is owed again."""
