"""When each forum meets, which cases it hears, and how it may let one go."""
