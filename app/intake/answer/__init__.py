"""What the sender of a referral is answered: short, and at most 8,000 bytes; the links lead to the rest."""
