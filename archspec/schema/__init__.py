"""The language as a JSON Schema (draft 7) for editors, made from the declarations; loaded by `archspec schema` alone."""
