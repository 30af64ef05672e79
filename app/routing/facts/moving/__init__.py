"""What moves with time after it was stated: ages, and custody that has a day for its end."""
