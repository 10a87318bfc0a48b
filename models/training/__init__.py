"""Training: what calls `model.fit`, resumes it exactly, and its command line."""
