"""/optimizers: seven rules race down one surface."""
