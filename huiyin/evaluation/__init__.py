"""What the petitioner says of the answer, where the unit cannot see."""
