"""The window: everything that a person sees. It asks the engine for work and never does any."""
