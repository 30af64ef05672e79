"""What is to be looked up about a case: one enquiry for each post, its questions, their clocks and answers."""
