"""民情台账: what each unit led, as its ledger; an entry is closed 销账 only when somebody of another unit accepts it."""
