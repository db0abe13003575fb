"""What slips is raised, rung by rung: by the place's rules first, by named people from there on."""
