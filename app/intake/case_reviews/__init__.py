"""Cases that a person must look at again: after a link of people, or after a report about another case."""
