"""What a decision owes: whose it is and until when, what reaches whom, and what it ends."""
