"""The language as a JSON Schema for editors, made from the declarations; loaded by `archspec schema` alone."""
