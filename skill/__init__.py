"""Healthy Bonds: a voice skill about interdependence and codependency."""
