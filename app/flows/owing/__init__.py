"""Says what is owed about one perpetrator, to whom and in which words. Pure: no database, web or clock."""
