"""What would be decided on a referral if it were sent. Nothing is stored."""
