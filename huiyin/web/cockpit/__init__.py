"""The leader's page: one minute, the figures that matter, and ways down to the case."""
