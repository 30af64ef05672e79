"""What agencies send: every referral and incident as it was sent, and every decision made about them."""
