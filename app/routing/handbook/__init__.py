"""What people read of a policy and of a decision: handbook, explanation, DMN, transparency record."""
