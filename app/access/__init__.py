"""Who may call what, and which rows they see: deny by default, one matrix, one authentication."""
