"""Media, models and restoring: no Qt, no codecs."""
