"""The inbox: what is asked of a post, from every room, in one place and one order."""
