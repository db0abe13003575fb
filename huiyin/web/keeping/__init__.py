"""Pages of those who keep the house: administrator and auditor. Neither sees a case."""
