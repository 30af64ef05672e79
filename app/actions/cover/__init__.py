"""Named cover: another post answers while an owner is away."""
