"""Alexa in and out: the one skill that every speaker talks to, and the interaction model that Alexa listens with."""
