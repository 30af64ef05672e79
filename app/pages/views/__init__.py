"""What each page shows, gathered before it is rendered."""
