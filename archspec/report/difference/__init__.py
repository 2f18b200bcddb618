"""A difference of two networks as text, as Markdown and as plain data."""
