"""The pages that people read, rendered on the server. The rooms below decide everything that they show."""
