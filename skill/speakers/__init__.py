"""Talking without an Echo: the terminal, the web page, and the signed endpoint that Alexa calls."""
