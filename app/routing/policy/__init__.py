"""What a policy is made of: types, conditions, outcomes, lead-table columns, labels."""
