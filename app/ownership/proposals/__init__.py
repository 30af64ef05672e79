"""Asking a forum to lead: proposed, accepted, declined, expired or withdrawn."""
