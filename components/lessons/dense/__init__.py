"""/dense: the last layer, number by number."""
