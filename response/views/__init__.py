"""The pages of the response."""
