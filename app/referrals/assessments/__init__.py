"""Shows the assessment of each report, and stores the grade that a named person sets for one."""
