"""What is done at a meeting: agenda, attendance, reviews of earlier actions."""
