"""What is decided about one case at or between meetings: emergencies, MAPPA referrals, plans, discharges."""
