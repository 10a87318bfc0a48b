"""/convnet: a whole network on the visitor's photo."""
