"""The pages of the dashboard: one module a page, each with its `blueprint`. `daemon.web.application` registers them."""
