"""/: the picture of the course and a first look at a network."""
