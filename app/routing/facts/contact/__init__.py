"""The couple, reaching the victim, and the home: what rules read of them."""
