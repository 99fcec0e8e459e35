"""Settings, URLs, WSGI and the zx command: wiring, no logic."""
