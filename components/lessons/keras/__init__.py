"""/keras: three programs for one network."""
