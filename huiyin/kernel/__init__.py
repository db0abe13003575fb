"""Ground floor: clock, refusals, permits, identifiers, and the sealing of personal fields."""
