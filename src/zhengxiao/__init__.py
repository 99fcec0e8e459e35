"""政效: every promise a government makes is a clock with an owner, a record and a number."""

__version__ = "0.1.0"
