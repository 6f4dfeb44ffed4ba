"""People, organisations, positions, and who holds which position when."""
