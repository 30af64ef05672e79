"""Who is asked whether two pseudonyms are one person, and until when."""
