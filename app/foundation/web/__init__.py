"""What every HTTP exchange shares: body checks, problem details, pages of a list, repeated requests."""
