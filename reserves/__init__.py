"""The medical stockpile; it comes with its own issue."""
