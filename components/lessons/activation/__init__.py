"""/activation: curves, maps, and why a network without them is one layer."""
