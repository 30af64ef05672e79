"""Whether a policy holds in every situation there is."""
