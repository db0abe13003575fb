"""What can be done to the accounts of people who sign in; each act writes one event."""
