"""A page for every act on a case: each act is a form that calls exactly one door of `cases.actions`."""
