"""Prints stored decisions again, whole, from the policies that made them."""
