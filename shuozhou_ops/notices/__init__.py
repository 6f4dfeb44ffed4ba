"""Telling people, with receipts."""
