"""Saved networks: their files, their layers and what they answer."""
