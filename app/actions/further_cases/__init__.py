"""The further cases of a person that an action serves."""
