"""Makes the pages' stylesheets and scripts from npm packages. Runs when the service is built, never in the service."""
