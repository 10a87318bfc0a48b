"""/: the map of the course, the visitor's photo and where to start."""

from components import shell

shell.lesson("See a neural network learn", "A course.")
