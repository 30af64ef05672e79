"""What agencies submit: each referral and incident whole, and every decision made about them."""
