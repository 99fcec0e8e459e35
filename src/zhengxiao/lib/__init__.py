"""Pure helpers: no models, no settings, no Django."""
