"""Text to AST, with the position of everything. Knows no op and no block."""
