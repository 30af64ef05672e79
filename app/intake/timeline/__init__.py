"""A case's timeline over every room: what happened, when, and who was told."""
