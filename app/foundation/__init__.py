"""What every room stands on. It has never heard of MARAC."""
