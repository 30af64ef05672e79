"""What the facts say beside the words of a duty: whom to ask, by which number, and what is told of each child."""
