"""What is decided about a need: it opens, a chair overrides, it ends, the victim moves to another area."""
