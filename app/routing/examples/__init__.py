"""Example situations and promises that ship beside each policy."""
