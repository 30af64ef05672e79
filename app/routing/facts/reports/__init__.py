"""What stands when several authors, or several reports, say something of the same case."""
