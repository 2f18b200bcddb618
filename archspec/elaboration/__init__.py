"""AST to a typed graph of primitive ops: blocks expanded, loops unrolled, every node inferred as it is placed."""
