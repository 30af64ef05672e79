"""What follows when questions are answered, and when nobody answers them in time: the case is decided anew."""
