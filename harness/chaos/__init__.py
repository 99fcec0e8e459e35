"""Kill the real processes at random moments and prove afterwards that nothing acknowledged was lost or done twice."""
