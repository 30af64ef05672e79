"""Previews of routing: the decision that a referral would get. Nothing is stored."""
