"""The measured figures, as a table: `make bench`."""
