"""What is decided about one case at or between meetings: emergency meetings, MAPPA referrals, plans, discharges."""
