"""Tests of what is pure in the benchmark; `make check` runs them."""
