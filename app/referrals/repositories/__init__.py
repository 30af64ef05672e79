"""Every query of the referrals room: of cases, reports, incidents and decisions."""
