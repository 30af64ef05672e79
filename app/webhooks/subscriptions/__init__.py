"""What partners do with their endpoints: register, verify, rotate, pause, replay."""
