"""Tests about the product's own shape: what every app owes, whoever writes it."""
