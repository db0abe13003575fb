"""The demonstration's invented cases: a stage of real posts, a book of invented matters, and stories that walk them."""
