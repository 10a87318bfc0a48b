"""Small experiments that pages show."""
