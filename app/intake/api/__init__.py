"""The endpoints where referrals, incidents and requests to decide anew arrive."""
