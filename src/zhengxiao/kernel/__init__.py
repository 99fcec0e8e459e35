"""What every mechanism rests on: calendar, clock, timeline, workflow, access, figures."""
