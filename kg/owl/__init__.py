"""Reasoning: premises, HermiT, justifications, and what follows for the user's own data."""
