"""What whoever reaches or visits the victim must know first, for the victim's side alone."""
