"""The endpoints that receive referrals, incidents, help requests, link answers and requests for a new decision."""
