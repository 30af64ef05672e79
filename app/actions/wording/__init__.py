"""What the words of an action say: whether they are vague, and whether two actions say the same. Pure."""
