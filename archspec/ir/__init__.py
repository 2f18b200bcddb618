"""The vocabulary that every stage shares: shapes, ops, nodes and graphs. Imports `diagnostics` only."""
