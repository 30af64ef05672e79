"""What all HTTP operations share: body checks, problem details, pages of a list, idempotency."""
