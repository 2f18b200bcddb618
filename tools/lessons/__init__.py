"""The lesson book: pages made from `specs/lessons/`."""
