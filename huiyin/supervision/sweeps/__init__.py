"""排查: a plan by place and season, a sheet for each grid and round, findings that become cases, and what is overdue."""
