"""Three ways to reach PostgreSQL from FastAPI, measured against the bare driver."""
