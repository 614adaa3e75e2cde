"""The workshop: content files are read, checked and compiled here; nothing that listeners reach imports it."""
