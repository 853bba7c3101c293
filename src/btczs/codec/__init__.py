"""Byte formats: streams, Bitcoin and Clarity values, addresses."""
