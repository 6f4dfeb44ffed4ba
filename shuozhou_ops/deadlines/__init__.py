"""What is due when, and the one sweep that claims it."""
