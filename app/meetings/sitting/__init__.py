"""What is recorded at a meeting: hearings, attendance, the chair's reviews, completion and minutes."""
