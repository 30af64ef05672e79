"""What the perpetrator must never learn: sealed, kept apart, read by named persons only."""
