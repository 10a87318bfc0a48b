"""Parameters of what is shown: in the URL, in the session and in the browser."""
