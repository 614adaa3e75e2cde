"""Tunes the encoder to this skill's questions, once in a while and with torch; what comes out is checked in."""
