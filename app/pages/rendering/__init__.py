"""From a template to a response: environment, assets, cookies, labels, error pages."""
