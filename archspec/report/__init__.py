"""Facts to text. Nothing is computed here, and nothing printed."""
