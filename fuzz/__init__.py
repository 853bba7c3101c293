"""Fuzzing by coverage: long runs that look for inputs which break a promise of the code."""
