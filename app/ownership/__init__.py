"""Who owns each need, at every instant: sending is not owning, and a decline leaves the holder."""
