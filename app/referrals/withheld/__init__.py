"""Texts that the perpetrator must never learn: sealed, stored apart from the referral, read by named persons only."""
