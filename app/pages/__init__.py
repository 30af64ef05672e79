"""What people see: server-rendered pages over the rooms below. No rule of the field is decided here."""
