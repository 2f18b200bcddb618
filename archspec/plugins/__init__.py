"""Ops of others: Python files, named on the command line, in a project file or by a caller, and never by a spec."""
