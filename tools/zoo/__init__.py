"""The table of the zoo, and the proofs that it reports."""
