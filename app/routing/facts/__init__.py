"""From what is known of a case to the facts that a policy reads."""
