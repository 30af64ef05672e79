"""Renders templates as responses: environment, assets, cookies, labels, dates, error pages."""
