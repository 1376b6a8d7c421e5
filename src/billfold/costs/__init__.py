"""Cost views: pure functions over answers. Nothing here asks a provider."""
