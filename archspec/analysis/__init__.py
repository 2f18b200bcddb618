"""Facts about a typed graph, as pure functions. Analyses never edit."""
