"""/optimizers: six rules race down one surface."""
