"""What agencies stated about a case, by author, and what stands of it. Every statement is kept."""
