"""The examples and promises that ship beside each policy."""
