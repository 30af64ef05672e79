"""What must be told: which fact about a perpetrator is owed to whom, in which form and by when, and who received it."""
