"""The examples that ship beside each policy."""
