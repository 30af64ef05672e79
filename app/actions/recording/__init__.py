"""How an action comes to be: from a duty of a decision, from a meeting, or for a case."""
