"""Schemas in, messages and forms out: plain dictionaries, nothing read, nothing sent."""
