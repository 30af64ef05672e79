"""Who does what by when, what came of it, and who checked. There is no bare "closed"."""
