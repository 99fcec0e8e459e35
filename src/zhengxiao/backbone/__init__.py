"""Business core that many mechanisms speak of: items, parties, cases."""
