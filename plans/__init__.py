"""What the plans say: documents as data, pure assessment. Knows no incident."""
